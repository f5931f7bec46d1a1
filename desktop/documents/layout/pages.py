"""A page of print becomes a page of text whose every span is known on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from desktop.documents.layout.blocks import PrintedBlock, printed_blocks
from desktop.documents.layout.headings import Body, HeadingTrail
from desktop.documents.layout.lines import PrintedLine, PrintedPage, joined_box
from desktop.documents.layout.margins import running_lines
from desktop.documents.layout.order import in_reading_order
from desktop.documents.layout.tables import with_columns_parted
from desktop.documents.layout.turning import turned_page
from desktop.domain.documents import Block, BlockKind, Line, Page

_BETWEEN_BLOCKS = "\n\n"
_ROWS = frozenset({BlockKind.TABLE, BlockKind.LIST, BlockKind.HEADER, BlockKind.FOOTER})


def laid_out(
    number: int,
    page: PrintedPage,
    neighbours: Iterable[PrintedPage],
    body: Body,
    outline: Mapping[str, int],
    trail: HeadingTrail,
) -> Page:
    """Return the page with its text in reading order; `trail` is carried on to the next page."""
    running = running_lines(page, neighbours)
    main = [line for index, line in enumerate(page.lines) if index not in running]
    headers = _running_blocks(page, running, BlockKind.HEADER)
    footers = _running_blocks(page, running, BlockKind.FOOTER)
    ordered = in_reading_order(with_columns_parted(main))
    blocks = printed_blocks(ordered, body, outline)
    written = _written(number, page, [*headers, *blocks, *footers], trail)
    return written if page.turn is None else turned_page(written, page.turn.back)


def _running_blocks(
    page: PrintedPage, running: Mapping[int, BlockKind], kind: BlockKind
) -> list[PrintedBlock]:
    lines = [page.lines[index] for index in sorted(running) if running[index] is kind]
    return [PrintedBlock(kind, lines)] if lines else []


def _written(
    number: int, page: PrintedPage, printed: Sequence[PrintedBlock], trail: HeadingTrail
) -> Page:
    pieces: list[str] = []
    blocks: list[Block] = []
    lines: list[Line] = []
    length = 0
    for block in printed:
        if pieces:
            pieces.append(_BETWEEN_BLOCKS)
            length += len(_BETWEEN_BLOCKS)
        start = length
        for index, line in enumerate(block.lines):
            if index:
                space = _between(block.lines[index - 1], line, block.kind)
                pieces.append(space)
                length += len(space)
            pieces.append(line.text)
            lines.append(Line(length, length + len(line.text), line.box))
            length += len(line.text)
        box = joined_box([line.box for line in block.lines])
        blocks.append(Block(block.kind, start, length, _path(block, trail), box))
    return Page(number, "".join(pieces), tuple(blocks), tuple(lines), page.width, page.height)


def _path(block: PrintedBlock, trail: HeadingTrail) -> tuple[str, ...]:
    if block.kind in (BlockKind.HEADER, BlockKind.FOOTER):
        return ()
    if block.style is not None:
        return trail.enter(block.text, block.style)
    return trail.path


def _between(upper: PrintedLine, lower: PrintedLine, kind: BlockKind) -> str:
    if upper.hyphenated:
        return ""
    if kind in _ROWS and not _is_continuation(lower, upper, kind):
        return "\n"
    if _is_wide(upper.text[-1]) and _is_wide(lower.text[0]):
        return ""
    return " "


def _is_continuation(lower: PrintedLine, upper: PrintedLine, kind: BlockKind) -> bool:
    return kind is BlockKind.LIST and lower.box.left > upper.box.left + 0.3 * lower.size


def _is_wide(character: str) -> bool:
    """True for the scripts that put no space between words."""
    return unicodedata.east_asian_width(character) in "WF"
