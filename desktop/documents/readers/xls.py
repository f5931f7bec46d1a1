"""XLS: sheets of old Excel workbooks as tables of shown values, with comments."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.number_formats import NumberFormats
from desktop.documents.readers.office_encryption import rc4_key_of
from desktop.documents.readers.office_facts import ole_facts
from desktop.documents.readers.ole import OleContainer
from desktop.documents.readers.sheet_tables import Cell, SheetTables
from desktop.domain.documents import BlockKind, DocumentFacts, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, DocumentError, PasswordNeeded

_BLOCK = 1024
_FILE_PASS, _SHEET_PLACE = 0x002F, 0x0085
_IN_CLEAR = frozenset({0x0809, _FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138})
_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip


def read_xls(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield the sheets in order, long ones as several pages of one name."""
    try:
        workbook = _Workbook(path)
    except PasswordNeeded:
        workbook = _Workbook(path, _decrypted(path, passwords))
    title, facts = _facts(path)
    yield Opened(DocumentKind.XLS, title or path.stem, PageUnit.SHEET, facts=facts)
    yield from workbook.read()
    if workbook.hidden:
        names = ", ".join(f"“{name}”" for name in workbook.hidden)
        yield Remark(f"Hidden sheets were read too: {names}.")


def _facts(path: Path) -> tuple[str, DocumentFacts]:
    """The oldest workbooks are no containers, and say nothing about themselves."""
    try:
        with OleContainer(path) as container:
            return ole_facts(container.file)
    except DamagedFile:
        return "", DocumentFacts()


class _Workbook:
    def __init__(self, path: Path, content: bytes | None = None) -> None:
        import xlrd

        self._path = path
        try:
            self._book = xlrd.open_workbook(
                str(path), file_contents=content, logfile=StringIO(), on_demand=True,
                formatting_info=True, ragged_rows=True,
            )  # fmt: skip
        except Exception as error:  # whatever its parsing met
            raise self._refusal(error) from error
        self._formats = NumberFormats(since_1904=bool(self._book.datemode))
        self.hidden: list[str] = []

    def read(self) -> Iterator[ReadPage]:
        parts = Parts()
        for index, name in enumerate(self._book.sheet_names()):
            sheet = self._sheet(index)
            yield from parts.begin(name)
            if sheet.visibility:
                self.hidden.append(name)
            tables = SheetTables(parts)
            for row in range(sheet.nrows):
                if cells := self._cells(sheet, row):
                    yield from tables.row(row, cells)
            yield from tables.end()
            for (row, column), note in sorted(sheet.cell_note_map.items()):
                if text := _comment(row, column, note):
                    yield from parts.block(BlockKind.PARAGRAPH, text)
            self._book.unload_sheet(index)
        yield from parts.rest()

    def _sheet(self, index: int) -> Any:
        try:
            return self._book.sheet_by_index(index)
        except Exception as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> DocumentError:
        if "encrypted" in str(error).lower():
            return PasswordNeeded(str(self._path))
        return DamagedFile(str(self._path), "its workbook stream is broken")

    def _cells(self, sheet: Any, row: int) -> list[Cell]:
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        cells: list[Cell] = []
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind in (1, 2, 3, 4, 5) and (text := self._text(sheet, row, column, kind, value)):
                cells.append((column, text))
        return cells

    def _text(self, sheet: Any, row: int, column: int, kind: int, value: Any) -> str:
        if kind == 1:
            return " ".join(str(value).split())
        if kind == 4:
            return "TRUE" if value else "FALSE"
        if kind == 5:
            return _ERRORS.get(value, "#ERROR")
        return self._formats.shown(self._code(sheet, row, column), float(value))

    def _code(self, sheet: Any, row: int, column: int) -> str:
        try:
            style = self._book.xf_list[sheet.cell_xf_index(row, column)]
            return str(self._book.format_map[style.format_key].format_str)
        except (IndexError, KeyError):
            return "General"


def _decrypted(path: Path, passwords: Sequence[str]) -> bytes:
    """The stream of an encrypted workbook, which goes on in plain after each record's head."""
    with OleContainer(path) as container:
        data = container.stream("Workbook" if container.has("Workbook") else "Book")
    records = list(_records(data))
    info = next((data[start:end] for kind, start, end in records if kind == _FILE_PASS), b"")
    key = rc4_key_of(path, info[2:], passwords) if info[:2] == b"\x01\x00" else None
    if key is None:
        raise PasswordNeeded(str(path))
    opened = bytearray(key.decrypted(data, _BLOCK))
    for kind, start, end in records:
        plain = end if kind in _IN_CLEAR else start + 4 if kind == _SHEET_PLACE else start
        opened[start - 4 : plain] = data[start - 4 : plain]
        if kind == _FILE_PASS:
            opened[start - 4 : start - 2] = b"\0\0"
    return bytes(opened)


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    place = 0
    while place + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, place)
        yield kind, place + 4, min(place + 4 + size, len(data))
        place += 4 + size


def _comment(row: int, column: int, note: Any) -> str:
    from xlrd import cellname

    author = (note.author or "").strip()
    said = " ".join((note.text or "").split()).removeprefix(f"{author}:").strip()
    by = f", {author}" if author else ""
    return f"Comment on {cellname(row, column)}{by}: {said}" if said else ""
