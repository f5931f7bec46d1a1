"""The printed line, as a page reader hands it to the layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.documents.layout.turning import Turn
from desktop.domain.documents import Box

_NOT_WORD = re.compile(r"[\W_]+")
# Gaps in ems, the size of the type: wider than these they part words, and cells.
_WORD_GAP_EM = 0.12
_CELL_GAP_EM = 1.6
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of print. `size` is the font size in points, and `hyphenated` says that its last
    word goes on in the next line. Where wide gaps cut it into cells, tabs part them in the text
    and `cells` has the left and right edge of each."""

    text: str
    box: Box
    size: float
    bold: bool = False
    cells: tuple[tuple[float, float], ...] = ()
    hyphenated: bool = False

    @property
    def columns(self) -> int:
        return len(self.cells) or 1

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top

    @property
    def width(self) -> float:
        return self.box.right - self.box.left

    @property
    def upright(self) -> bool:
        """False for text that runs up or down the page."""
        return len(self.text) < 3 or self.height <= max(self.width, 2.5 * self.size)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines of one page in the order of the file, and the page's size in points.

    Where the page is shown with its text on its side, they are those after `turn`.
    """

    lines: tuple[PrintedLine, ...]
    width: float
    height: float
    turn: Turn | None = None


def joined_box(boxes: list[Box]) -> Box:
    """The smallest rectangle around all of `boxes`, of which there is at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def joined_fragments(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine]:
    """Put pieces of one printed line together: raised figures, symbols, cells of a row."""
    waiting: PrintedLine | None = None
    for line in lines:
        if waiting is not None and _continues_line(waiting, line):
            waiting = _joined(waiting, line)
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def _continues_line(left: PrintedLine, right: PrintedLine) -> bool:
    if left.hyphenated or not (left.upright and right.upright):
        return False
    overlap = min(left.box.bottom, right.box.bottom) - max(left.box.top, right.box.top)
    if overlap < 0.5 * min(left.height, right.height):
        return False
    return right.box.left > left.box.right - 0.3 * left.size


def _joined(left: PrintedLine, right: PrintedLine) -> PrintedLine:
    larger = left if len(left.text) >= len(right.text) else right
    gap = right.box.left - left.box.right
    is_cell = gap > _CELL_GAP_EM * larger.size
    space = "\t" if is_cell else " " if gap > _WORD_GAP_EM * larger.size else ""
    return PrintedLine(
        left.text + space + right.text,
        joined_box([left.box, right.box]),
        larger.size,
        larger.bold,
        _joined_cells(cell_edges(left), cell_edges(right), is_cell),
        right.hyphenated,
    )


_Edges = tuple[tuple[float, float], ...]


def cell_edges(line: PrintedLine) -> _Edges:
    """Left and right edge of each cell, of the whole line where it is one."""
    return line.cells or ((line.box.left, line.box.right),)


def _joined_cells(left: _Edges, right: _Edges, is_cell: bool) -> _Edges:
    if is_cell:
        return left + right
    whole = (left[-1][0], right[0][1])
    cells = (*left[:-1], whole, *right[1:])
    return cells if len(cells) > 1 else ()


def bare_words(text: str) -> str:
    """The text without case, punctuation and white space, to compare titles."""
    return _NOT_WORD.sub("", text).casefold()


def with_digits_masked(text: str) -> str:
    """The text as `bare_words` with every number replaced, to compare running headers."""
    return _DIGITS.sub("#", bare_words(text))


def shares_column(first: Box, second: Box) -> bool:
    """True where the two overlap sideways by more than half of the narrower one."""
    overlap = min(first.right, second.right) - max(first.left, second.left)
    return overlap > 0.5 * min(first.right - first.left, second.right - second.left)
