"""The rows of a spreadsheet as tables: parted at blank rows, without empty columns, with titles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from desktop.documents.content import ReadPage
from desktop.documents.parts import PART_CHARACTERS, Parts
from desktop.documents.readers.table_rows import BETWEEN_CELLS
from desktop.domain.documents import BlockKind

Cell = tuple[int, str]
"""Its column, from 0, and what it shows; blank cells are left out."""

_MOST_BLOCK = PART_CHARACTERS - 2_000
_LONGEST_TITLE = 150
_LONGEST_ENTRY = 100
_MOST_TITLES = 4
_MOST_HEADER_ROWS = 3
_HEADER_LEVEL = 9
_LONGEST_HEADER = 400
_FIGURE = re.compile(r"[^\w]*\d[\d.,'\s]*\W*|[-–—]")
_LONGEST_FIGURE = 40
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPARSE_COLUMNS = 64
_SPARSE_SHARE = 20
_MOST_CHARACTERS = 100_000_000


@dataclass(slots=True)
class _Region:
    """Rows without a blank row between them, as far as they are not handed out yet."""

    rows: list[Sequence[Cell]] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)
    cells: int = 0
    characters: int = 0
    is_begun: bool = False  # its first rows are handed out
    header: str = ""  # what stands over its columns, once the first rows are handed out

    def add(self, cells: Sequence[Cell]) -> None:
        self.rows.append(cells)
        self.columns.update(column for column, _ in cells)
        self.cells += len(cells)
        self.characters += sum(len(text) for _, text in cells)

    @property
    def is_sparse(self) -> bool:
        """Whether empty cells would make up nearly all of the table."""
        places = len(self.columns) * len(self.rows)
        return len(self.columns) > _SPARSE_COLUMNS and places > _SPARSE_SHARE * self.cells

    @property
    def size(self) -> int:
        places = self.cells if self.is_sparse else len(self.columns) * len(self.rows)
        return self.characters + len(BETWEEN_CELLS) * places

    @property
    def is_all_titles(self) -> bool:
        """Whether its few rows are one short text each."""
        few = 0 < len(self.rows) <= _MOST_TITLES and self.cells == len(self.rows)
        return few and all(_is_title(cells[0][1]) for cells in self.rows)

    def is_header_of(self, cells: Sequence[Cell]) -> bool:
        """Whether its rows are words over columns of figures that begin with these cells."""
        if self.is_begun or not 1 <= len(self.rows) <= _MOST_HEADER_ROWS or len(self.columns) < 2:
            return False
        if any(_is_figure(text) for row in self.rows for _, text in row):
            return False
        columns = {column for column, _ in cells}
        below = columns - self.columns
        return (
            any(_is_figure(text) for _, text in cells)
            and len(columns) > 1
            and below <= {min(columns)}
        )

    def take(self) -> list[Sequence[Cell]]:
        rows, self.rows = self.rows, []
        self.cells = self.characters = 0
        self.is_begun = True
        return rows


class SheetTables:
    """Turns the rows of one sheet into blocks, a page full at a time."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._region = _Region()
        self._titles: list[str] = []
        self._outermost = 1
        self._is_titled = False
        self._last_row = -1
        self._left = _MOST_CHARACTERS

    @property
    def is_full(self) -> bool:
        """Whether the sheet has had more text than is taken from one sheet."""
        return self._left <= 0

    def row(self, number: int, cells: Sequence[Cell]) -> Iterator[ReadPage]:
        """Add a row that shows something; a gap in the numbers is a blank row."""
        region = self._region
        blank = number - self._last_row - 1
        if blank > 0 and region.columns and not (blank == 1 and region.is_header_of(cells)):
            yield from self._end_region()
        self._last_row = number
        region = self._region
        region.add(cells)
        if region.size > _MOST_BLOCK:
            self._left -= region.characters
            yield from self._flush()

    def end(self) -> Iterator[ReadPage]:
        """Hand out what is left of the sheet."""
        yield from self._end_region()
        titles, self._titles = self._titles, []
        for title in titles:
            yield from self._parts.block(BlockKind.PARAGRAPH, title)

    def _end_region(self) -> Iterator[ReadPage]:
        region = self._region
        if not region.is_begun and region.is_all_titles:
            # Above a blank row: titles of what follows, if anything does.
            self._titles += [cells[0][1] for cells in region.rows]
            while len(self._titles) > _MOST_TITLES:
                yield from self._parts.block(BlockKind.PARAGRAPH, self._titles.pop(0))
        else:
            yield from self._flush()
        self._parts.enter("", _HEADER_LEVEL)
        self._region = _Region()

    def _headings(self, titles: list[str]) -> Iterator[ReadPage]:
        """Titles that stand together are one in another; the first on a sheet stays above all."""
        for level, title in enumerate(titles, start=self._outermost):
            yield from self._parts.heading(title, level)
        if titles and not self._is_titled:
            self._is_titled = True
            self._outermost = 2 if len(titles) > 1 else 1

    def _flush(self) -> Iterator[ReadPage]:
        region = self._region
        if not region.rows:
            return
        is_begun, is_sparse = region.is_begun, region.is_sparse
        rows = region.take()
        titles, self._titles = self._titles, []
        leading = [] if is_begun else _leading_titles(rows)
        yield from self._headings(titles + leading)
        rows = rows[len(leading) :]
        if len(region.columns) == 1:
            yield from self._column([cells[0][1] for cells in rows])
            return
        columns = None if is_sparse else sorted(region.columns)
        if is_begun:
            # What goes on from an earlier page stands under its header without repeating it.
            self._parts.enter(region.header, _HEADER_LEVEL)
        else:
            region.header = _header(rows[0], columns)
        lines = "\n".join(_line(row, columns) for row in rows)
        yield from self._parts.block(BlockKind.TABLE, lines)

    def _column(self, texts: list[str]) -> Iterator[ReadPage]:
        """One column is a list, or prose."""
        if len(texts) == 1 or any(len(text) > _LONGEST_ENTRY for text in texts):
            for text in texts:
                yield from self._parts.block(BlockKind.PARAGRAPH, text)
        else:
            yield from self._parts.block(BlockKind.LIST, "\n".join(texts))


def _line(cells: Sequence[Cell], columns: list[int] | None) -> str:
    if columns is None or len(cells) == len(columns):
        return BETWEEN_CELLS.join(text for _, text in cells)
    texts = dict(cells)
    # Empty cells keep their place, but for those at the end.
    shown = columns[: bisect_right(columns, max(texts))]
    return BETWEEN_CELLS.join(texts.get(column, "") for column in shown)


def _header(cells: Sequence[Cell], columns: list[int] | None) -> str:
    """The first row of a table where it names the columns."""
    line = _line(cells, columns)
    named = len(cells) > 1 and not any(_is_figure(text) for _, text in cells)
    return line if named and len(line) <= _LONGEST_HEADER else ""


def _leading_titles(rows: list[Sequence[Cell]]) -> list[str]:
    """Rows of one cell on top of rows with more: what stands over a table."""
    titles: list[str] = []
    for cells in rows:
        if len(cells) > 1:
            return titles
        if not _is_title(cells[0][1]):
            return []
        titles.append(cells[0][1])
    return []


def _is_title(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST_TITLE
        and any(map(str.isalpha, text))
        and not text.startswith(("(", "*"))
        and not text.endswith((".", ",", ";"))
    )


def _is_figure(text: str) -> bool:
    """A number, but not a year, which may head a column."""
    if len(text) > _LONGEST_FIGURE or _YEAR.fullmatch(text):
        return False
    return _FIGURE.fullmatch(text) is not None
