"""The cells of an Excel workbook as they are shown: shared strings, formats, stored results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.documents.readers.number_formats import BUILT_IN, NumberFormats
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.documents.readers.sheet_tables import Cell
from desktop.domain.errors import ContentTooLarge

_MOST_STRING_CHARACTERS = 150_000_000
_MOST_COLUMNS = 16_384
_MOST_CELLS = 1 << 40
_DIGITS = "0123456789"
_GENERAL = "General"
_EXACT_DIGITS = 16


class CellTexts:
    """Turns the cells of a row element into what they show."""

    def __init__(self, strings: Sequence[str], codes: Sequence[str], *, since_1904: bool) -> None:
        from lxml.etree import XPath

        self._strings = strings
        self._codes = codes
        self._formats = NumberFormats(since_1904=since_1904)
        self._columns: dict[str, int] = {}
        self._words_of = XPath("string()")
        self.unfinished = 0
        """Formulas seen whose results the file does not hold."""
        self.lost = 0
        """Cells seen whose texts the file does not hold."""

    def of_row(self, row: Any) -> list[Cell]:
        """Column and text of each cell that shows something, in order."""
        cells: list[Cell] = []
        if not self._words_of(row):
            return cells  # formatted and empty, by the million in some sheets
        column = -1
        for cell in row:
            if not len(cell):
                column += 1
                continue
            letters = cell.get("r", "").rstrip(_DIGITS)
            column = self._column(letters, column + 1)
            if text := self._text(cell):
                cells.append((column, text))
        return cells

    def _column(self, letters: str, expected: int) -> int:
        if letters not in self._columns:
            self._columns[letters] = _column_of(letters)
        column = self._columns[letters]
        return column if column >= 0 else expected

    def _text(self, cell: Any) -> str:
        kind = cell.get("t")
        value, has_formula = None, False
        for child in cell:
            tag = child.tag
            if tag.endswith("}v"):
                value = child.text
            elif tag.endswith("}f"):
                has_formula = True
            elif tag.endswith("}is"):
                return " ".join(rich_text(child).split())
        if value is None:
            self.unfinished += has_formula and kind != "str"
            return ""
        return self._typed(kind, value, cell.get("s", ""))

    def _typed(self, kind: str | None, value: str, style: str) -> str:
        if kind == "s":
            try:
                return self._strings[int(value)]
            except (ValueError, IndexError):
                self.lost += 1
                return ""
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind not in ("str", "e", "inlineStr"):
            try:
                return self._number(kind, value, style)
            except (ValueError, IndexError):
                pass  # not a number after all: shown as it stands
        return " ".join(value.split())

    def _number(self, kind: str | None, value: str, style: str) -> str:
        code = self._codes[int(style)] if style else _GENERAL
        if code == _GENERAL and value.isdecimal() and len(value) < _EXACT_DIGITS:
            return value
        number = _serial(value) if kind == "d" else float(value)
        return self._formats.shown(code, number) if abs(number) < 1e300 else value


@dataclass(frozen=True, slots=True)
class SharedStrings:
    """The texts that cells refer to by number; `miscounted` where the part's counters lie."""

    texts: Sequence[str] = ()
    miscounted: bool = False


def shared_strings(package: OfficePackage, name: str, path: str) -> SharedStrings:
    """Read the texts; counters in the part are not believed."""
    texts: list[str] = []
    left = _MOST_STRING_CHARACTERS
    said: list[int] = []
    for item in package.elements(name, ("si",)):
        if not texts:
            said = _counters(item.getparent())
        text = " ".join(rich_text(item).split())
        left -= len(text) + 16
        if left < 0:
            raise ContentTooLarge(path, "its texts do not fit into memory")
        texts.append(text)
    missing = len(said) > 1 and said[1] > len(texts)
    return SharedStrings(texts, missing or any(count > _MOST_CELLS for count in said))


def _counters(root: Any) -> list[int]:
    said = [root.get(name, "0") for name in ("count", "uniqueCount")] if root is not None else []
    return [int(count) if count.isdecimal() else _MOST_CELLS + 1 for count in said]


def format_codes(root: Any) -> list[str]:
    """The number format of each cell style."""
    if root is None:
        return []
    own = {
        attribute(one, "numFmtId"): attribute(one, "formatCode")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    identities = [
        attribute(style, "numFmtId") or "0" for style in root.iterfind("{*}cellXfs/{*}xf")
    ]
    return [
        own.get(identity) or BUILT_IN.get(int(identity) if identity.isdecimal() else 0, _GENERAL)
        for identity in identities
    ]


def rich_text(item: Any) -> str:
    """The text of all runs, without the reading aids above Chinese and Japanese characters."""
    if len(item) == 1 and local_name(item[0]) == "t":
        return item[0].text or ""
    return "".join(_runs(item))


def _runs(item: Any) -> Iterator[str]:
    for child in item:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name == "r":
            yield from (text.text or "" for text in child.iterfind("{*}t"))


def _column_of(letters: str) -> int:
    """0 for A; -1 for what names no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            return -1
        number = number * 26 + ord(letter) - 64
        if number > _MOST_COLUMNS:
            return -1
    return number - 1


def _serial(value: str) -> float:
    """Days since the first of the calendar of a date written out."""
    moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00")).replace(tzinfo=None)
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
