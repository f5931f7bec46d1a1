"""Recognised lines laid out as a page of text, like one whose text could be read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median

from desktop.documents.content import ReadPage
from desktop.documents.layout.headings import HeadingTrail, body_of
from desktop.documents.layout.lines import PrintedLine, PrintedPage
from desktop.documents.layout.pages import laid_out
from desktop.documents.layout.scattered import in_scattered_order
from desktop.documents.recognition.networks import Networks, load_networks
from desktop.documents.recognition.recogniser import RecognisedLine, recognised
from desktop.documents.recognition.sheets import Sheet
from desktop.domain.documents import Block, Line, Page

# A line's box is so much higher than its type.
_BOX_OVER_TYPE = 1.05
# Lines without tall letters look smaller than they are set.
_SAME_SIZE = 0.45
_BOLD = 1.45  # times the usual stroke
_NEIGHBOURS = 2


class TextRecognition:
    """Holds the networks once they were needed."""

    def __init__(self) -> None:
        self._networks: Networks | None = None

    def pages(self, sheets: Iterable[tuple[int, Sheet]]) -> Iterator[ReadPage]:
        """Recognise one page after the other; a page on which nothing was found has no text."""
        trail = HeadingTrail()
        behind: deque[PrintedPage] = deque(maxlen=_NEIGHBOURS)
        for number, sheet in sheets:
            self._networks = self._networks or load_networks()
            upright, lines = recognised(self._networks, sheet)
            printed = _printed(upright, lines)
            behind.append(printed)
            yield ReadPage(_page(number, printed, list(behind)[:-1], trail, upright, sheet))


def _printed(sheet: Sheet, lines: list[RecognisedLine]) -> PrintedPage:
    sizes = [(line.box.bottom - line.box.top) / _BOX_OVER_TYPE for line in lines]
    usual = median(sizes) if sizes else 0.0
    bold = _BOLD * median(line.stroke for line in lines) if lines else 0.0
    prints = [
        PrintedLine(line.text, line.box, _settled(size, usual), line.stroke > bold)
        for line, size in zip(lines, sizes, strict=True)
    ]
    return PrintedPage(tuple(in_scattered_order(prints)), sheet.width, sheet.height)


def _settled(size: float, usual: float) -> float:
    return round(usual if abs(size - usual) < _SAME_SIZE * usual else size, 1)


def _page(
    number: int,
    printed: PrintedPage,
    behind: list[PrintedPage],
    trail: HeadingTrail,
    upright: Sheet,
    shown: Sheet,
) -> Page:
    weights: Counter[tuple[float, bool]] = Counter()
    for line in printed.lines:
        weights[line.size, line.bold] += len(line.text)
    page = laid_out(number, printed, behind, body_of(weights), {}, trail)
    return replace(
        page,
        blocks=tuple(_shown_block(block, upright) for block in page.blocks),
        lines=tuple(Line(line.start, line.end, upright.shown(line.box)) for line in page.lines),
        width=shown.width,
        height=shown.height,
    )


def _shown_block(block: Block, sheet: Sheet) -> Block:
    return block if block.box is None else replace(block, box=sheet.shown(block.box))
