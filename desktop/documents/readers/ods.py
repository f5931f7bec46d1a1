"""ODS: sheets row by row as tables of the values that are shown, with comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.number_formats import general
from desktop.documents.readers.odf import (
    CONTENT,
    OdfStyles,
    all_printed,
    odf_facts,
    open_odf,
    printed,
    repeats,
)
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.documents.readers.sheet_tables import Cell, SheetTables
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile

_MOST_COPIES = 1_000


def read_ods(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield the sheets in order, long ones as several pages of one name."""
    package = open_odf(path, passwords)
    try:
        title, facts = odf_facts(package)
        yield Opened(DocumentKind.ODS, title or path.stem, PageUnit.SHEET, facts=facts)
        workbook = _Workbook(package, path)
        yield from workbook.read()
        if workbook.hidden:
            names = ", ".join(f"“{name}”" for name in workbook.hidden)
            yield Remark(f"Hidden sheets were read too: {names}.")
        for name in workbook.cut:
            yield Remark(f"The sheet “{name}” is longer than what is read of one sheet.")
    finally:
        package.close()


class _Workbook:
    def __init__(self, package: OfficePackage, path: Path) -> None:
        self._package = package
        self._path = path
        self._styles = OdfStyles()
        self._parts = Parts()
        self._tables: SheetTables | None = None
        self._below: list[str] = []  # boxes and comments, which follow the rows
        self._sheet: str | None = None
        self._row = 0
        self.hidden: list[str] = []
        self.cut: list[str] = []

    def read(self) -> Iterator[ReadPage]:
        for element in self._package.elements(CONTENT, ("style", "shapes", "table-row")):
            kind = local_name(element)
            if kind == "style":
                self._styles.add(element)
                continue
            table = next(element.iterancestors("{*}table"), None)
            if table is None or not _is_sheet(table):
                continue  # a row of a table within a chart or a link
            name = attribute(table, "name")
            if name != self._sheet:
                yield from self._begin(name, attribute(table, "style-name"))
            if kind == "shapes":
                self._below += filter(None, map(all_printed, element))
            else:
                yield from self._read_row(element)
        if self._sheet is None:
            raise DamagedFile(str(self._path), "it has no sheet")
        yield from self._end()
        yield from self._parts.rest()

    def _begin(self, name: str, style: str) -> Iterator[ReadPage]:
        yield from self._end()
        yield from self._parts.begin(name)
        self._sheet, self._row = name, 0
        self._tables = SheetTables(self._parts)
        if style in self._styles.hidden:
            self.hidden.append(name)

    def _end(self) -> Iterator[ReadPage]:
        if self._tables is not None:
            yield from self._tables.end()
        below, self._below = self._below, []
        for text in below:
            yield from self._parts.block(BlockKind.PARAGRAPH, text)

    def _read_row(self, row: Any) -> Iterator[ReadPage]:
        count = repeats(row, "rows")
        cells = self._cells(row)
        tables = self._tables
        if cells and tables is not None and not tables.is_full:
            for copy in range(min(count, _MOST_COPIES)):
                yield from tables.row(self._row + copy, cells)
            if tables.is_full and self._sheet is not None:
                self.cut.append(self._sheet)
        self._row += count

    def _cells(self, row: Any) -> list[Cell]:
        cells: list[Cell] = []
        column = 0
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            count = repeats(cell, "columns")
            if text := _shown(cell):
                cells += [(column + copy, text) for copy in range(min(count, _MOST_COPIES))]
            if len(cell) > 1 or (len(cell) and local_name(cell[0]) != "p"):
                self._below += _beside_the_text(cell, f"{_letters(column)}{self._row + 1}")
            column += count
        return cells


def _beside_the_text(cell: Any, place: str) -> Iterator[str]:
    """The comments and boxes that are anchored to a cell."""
    for child in cell:
        name = local_name(child)
        text = all_printed(child) if name not in ("p", "h") else ""
        if name == "annotation":
            author = child.findtext("{*}creator") or ""
            yield f"Comment on {place}{f', {author}' if author else ''}: {text}"
        elif text:
            yield text


def _is_sheet(table: Any) -> bool:
    above = table.getparent()
    return above is not None and local_name(above) == "spreadsheet"


def _shown(cell: Any) -> str:
    """The cell's text as it was last shown, or its value where a program left that out."""
    if not len(cell):
        value = attribute(cell, "value")
        try:
            return general(float(value)) if value else _other_value(cell)
        except (ValueError, OverflowError):
            return value
    texts = (printed(child) for child in cell.iterchildren("{*}p", "{*}h"))
    return " ".join(" ".join(texts).split())


def _other_value(cell: Any) -> str:
    for name in ("date-value", "time-value", "boolean-value", "string-value"):
        if text := attribute(cell, name):
            return text.upper() if name == "boolean-value" else text
    return ""


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
