"""Running headers, footers and page numbers, recognised by place and by repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desktop.documents.layout.lines import PrintedLine, PrintedPage, with_digits_masked
from desktop.domain.documents import BlockKind

# Share of the page's height that a running line may stand in: the usual inch on a letter page.
_ZONE = 0.1
# A bare page number at the very top may stand further in, and one below all else anywhere.
_NUMBER_ZONE = 0.15
_LONGEST_NUMBER = 12
_SAME_PLACE = 0.02
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|p\.?|página|pagina)\s*)?(?:[a-z]{1,2}[\s.–-]*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|de|sur|di)\s*\d{1,4})?[\W_]*|[\W_]*[ivxl]{1,6}[\W_]*",
    re.IGNORECASE,
)

_NAMED_NUMBER = re.compile(
    r"(?:page|seite|página|pagina)\s*\d{1,4}.{0,12}|\d{1,4}\s*(?:/|of|von|de)\s*\d{1,4}",
    re.IGNORECASE,
)

RunningLines = dict[int, BlockKind]
_Places = dict[tuple[BlockKind, str], float]


def running_lines(page: PrintedPage, neighbours: Iterable[PrintedPage]) -> RunningLines:
    """Return the indexes of the page's header and footer lines with their kind."""
    candidates = {
        index: kind
        for index, line in enumerate(page.lines)
        if (kind := _zone(line, page)) is not None
    }
    candidates |= _numbers_further_in(page)
    if not candidates or len(candidates) == len(page.lines) > 2:
        return {}
    known = {
        (kind, with_digits_masked(line.text)): line.box.top / other.height
        for other in neighbours
        for line in other.lines
        if (kind := _zone(line, other)) is not None
    }
    outermost = [
        *_outermost(page, candidates, BlockKind.HEADER, known),
        *_outermost(page, candidates, BlockKind.FOOTER, known),
    ]
    return {index: candidates[index] for index in outermost}


def _numbers_further_in(page: PrintedPage) -> RunningLines:
    lines = page.lines
    if len(lines) < 3 or page.height <= 0:
        return {}
    numbers = [index for index, line in enumerate(lines) if _is_bare_number(line)]
    if not numbers:
        return {}
    found: RunningLines = {}
    first, last = numbers[0], numbers[0]
    for index in numbers:
        first = index if lines[index].box.top < lines[first].box.top else first
        last = index if lines[index].box.bottom > lines[last].box.bottom else last
    others = [line.box for index, line in enumerate(lines) if index not in (first, last)]
    top, bottom = min(box.top for box in others), max(box.bottom for box in others)
    if lines[first].box.bottom < min(_NUMBER_ZONE * page.height, top):
        found[first] = BlockKind.HEADER
    if lines[last].box.top > bottom + lines[last].height:
        found[last] = BlockKind.FOOTER
    return found


def _is_bare_number(line: PrintedLine) -> bool:
    return len(line.text) < _LONGEST_NUMBER and _PAGE_NUMBER.fullmatch(line.text) is not None


def _outermost(
    page: PrintedPage, candidates: RunningLines, kind: BlockKind, known: _Places
) -> Iterator[int]:
    """The running lines from the page's edge inwards, up to the first line of its own."""
    indexes = [index for index, zone in candidates.items() if zone is kind]
    from_below = kind is BlockKind.FOOTER
    indexes.sort(key=lambda index: page.lines[index].box.top, reverse=from_below)
    for index in indexes:
        line = page.lines[index]
        if not (_repeats(line, kind, page, known) or _is_page_number(line)):
            return
        yield index


def _is_page_number(line: PrintedLine) -> bool:
    if line.columns == 1:
        return _PAGE_NUMBER.fullmatch(line.text) is not None
    # Between cells a bare figure belongs to a table; "Page 3" does not.
    return any(map(_NAMED_NUMBER.fullmatch, line.text.split("\t")))


def _zone(line: PrintedLine, page: PrintedPage) -> BlockKind | None:
    if page.height <= 0:
        return None
    if line.box.bottom < _ZONE * page.height:
        return BlockKind.HEADER
    if line.box.top > (1 - _ZONE) * page.height:
        return BlockKind.FOOTER
    return None


def _repeats(
    line: PrintedLine,
    kind: BlockKind,
    page: PrintedPage,
    known: _Places,
) -> bool:
    place = known.get((kind, with_digits_masked(line.text)))
    return place is not None and abs(place - line.box.top / page.height) < _SAME_PLACE
