"""The rows of a spreadsheet as tables: parted at blank rows, without empty columns, with titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from desktop.documents.content import ReadPage
from desktop.documents.parts import PART_CHARACTERS, Parts
from desktop.domain.documents import BlockKind

Cell = tuple[int, str]
"""Its column, from 0, and what it shows; blank cells are left out."""

_BETWEEN = " | "
_MOST_BLOCK = PART_CHARACTERS - 2_000
_LONGEST_TITLE = 150
_LONGEST_ENTRY = 100
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
        return self.characters + len(_BETWEEN) * places

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
        self._title = ""
        self._last_row = -1
        self._left = _MOST_CHARACTERS

    @property
    def is_full(self) -> bool:
        """Whether the sheet has had more text than is taken from one sheet."""
        return self._left <= 0

    def row(self, number: int, cells: Sequence[Cell]) -> Iterator[ReadPage]:
        """Add a row that shows something; a gap in the numbers is a blank row."""
        if number > self._last_row + 1 and self._region.columns:
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
        if self._title:
            yield from self._parts.block(BlockKind.PARAGRAPH, self._title)
            self._title = ""

    def _end_region(self) -> Iterator[ReadPage]:
        region = self._region
        lone = region.rows[0][0][1] if len(region.rows) == 1 and region.cells == 1 else ""
        if not region.is_begun and _is_title(lone):
            # Above a blank row: the title of what follows, if anything does.
            yield from self._written_title()
            self._title = lone
        else:
            yield from self._flush()
        self._region = _Region()

    def _written_title(self) -> Iterator[ReadPage]:
        if self._title:
            yield from self._parts.heading(self._title, 1)
            self._title = ""

    def _flush(self) -> Iterator[ReadPage]:
        region = self._region
        if not region.rows:
            return
        yield from self._written_title()
        is_begun, is_sparse = region.is_begun, region.is_sparse
        rows = region.take()
        if not is_begun:
            titles = _leading_titles(rows)
            for level, title in enumerate(titles, start=2):
                yield from self._parts.heading(title, level)
            rows = rows[len(titles) :]
        if len(region.columns) == 1 and _is_prose(rows):
            for (_, text), *_ in rows:
                yield from self._parts.block(BlockKind.PARAGRAPH, text)
            return
        columns = None if is_sparse else sorted(region.columns)
        lines = "\n".join(_line(row, columns) for row in rows)
        yield from self._parts.block(BlockKind.TABLE, lines)


def _line(cells: Sequence[Cell], columns: list[int] | None) -> str:
    if columns is None or len(cells) == len(columns):
        return _BETWEEN.join(text for _, text in cells)
    texts = dict(cells)
    return _BETWEEN.join(texts.get(column, "") for column in columns).rstrip()


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
    return 1 < len(text) <= _LONGEST_TITLE and any(map(str.isalpha, text))


def _is_prose(rows: list[Sequence[Cell]]) -> bool:
    """One column of long texts, or a single cell."""
    return len(rows) == 1 or any(len(cells[0][1]) > _LONGEST_ENTRY for cells in rows)
