"""Nested values of JSON and XML as headings, "key: value" lines and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeAlias

from desktop.documents.content import ReadPage
from desktop.documents.parts import PART_CHARACTERS, Parts
from desktop.documents.readers.table_rows import is_header, table_texts
from desktop.domain.documents import BlockKind

# What a reader gives for numbers is their text, so that 1.50 stays 1.50.
Nested: TypeAlias = "str | bool | None | list[Nested] | dict[str, Nested]"

# A value that fits into a chunk stays together in one block.
_SMALL_CHARACTERS = 700
_LONG_TEXT = 400
_MOST_HEADINGS = 6
_MOST_COLUMNS = 60
_LEAST_FILLED = 0.5
_LEAST_RECORDS = 0.9
_SAMPLE = 200
_TABLE_CHARACTERS = PART_CHARACTERS // 2
_NAMES = ("title", "name", "label", "heading", "id", "key")


class NestedParts:
    """Writes values into parts; the names above a value become the headings over it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def value(self, value: Nested, level: int = 1, name: str = "") -> Iterator[ReadPage]:
        """Add a value that stands below `level` - 1 headings; `name` is what it is called."""
        if isinstance(value, dict) and level <= _MOST_HEADINGS:
            yield from self._members(value, level)
        elif isinstance(value, list) and level <= _MOST_HEADINGS:
            yield from self.records(value, level, name)
        elif isinstance(value, str):
            yield from self._text(value)
        else:
            yield from self._lines(_lines_of(value))

    def records(
        self, values: Iterable[Nested], level: int = 1, name: str = ""
    ) -> Iterator[ReadPage]:
        """Add a list: a table where its values are alike, else one block or section each.

        The list may be a stream; columns are found in its first values.
        """
        rest = iter(values)
        first = [*islice(rest, _SAMPLE)]
        columns = _columns(first)
        if columns or _is_matrix(first):
            header, first = _header(columns, first)
            rows = (_row(value, columns) for value in chain(first, rest))
            for text in table_texts(header, rows, _TABLE_CHARACTERS):
                yield from self._parts.block(BlockKind.TABLE, text)
        elif all(map(_is_plain, first)):
            yield from self._items(chain(first, rest))
        else:
            for number, value in enumerate(chain(first, rest), 1):
                yield from self._record(value, level, f"{name} {number}".strip())

    def _record(self, value: Nested, level: int, name: str) -> Iterator[ReadPage]:
        if _is_small(value):
            self._parts.enter(_own_name(value), level)
            yield from self._lines(_lines_of(value))
        else:
            self._parts.enter(_own_name(value) or name, level)
            yield from self.value(value, level + 1, name)

    def _members(self, value: dict[str, Nested], level: int) -> Iterator[ReadPage]:
        """Short members in lines first, for what stands behind a heading belongs to it."""
        lines: list[str] = []
        length = 0
        for key, member in value.items():
            if _stands_alone(member):
                continue
            added = [*_lines_of(member, key)]
            length += sum(map(len, added))
            if length > _SMALL_CHARACTERS:
                yield from self._lines(lines)
                lines, length = [], sum(map(len, added))
            lines += added
        yield from self._lines(lines)
        for key, member in value.items():
            if _stands_alone(member):
                yield from self._parts.heading(key, level)
                yield from self.value(member, level + 1, key)

    def _text(self, text: str) -> Iterator[ReadPage]:
        for paragraph in text.split("\n\n"):
            yield from self._parts.block(BlockKind.PARAGRAPH, paragraph)

    def _items(self, values: Iterable[Nested]) -> Iterator[ReadPage]:
        lines: list[str] = []
        length = 0
        for value in values:
            line = "- " + " ".join(_shown(value).split())
            if lines and length + len(line) > _TABLE_CHARACTERS:
                yield from self._lines(lines)
                lines, length = [], 0
            lines.append(line)
            length += len(line)
        yield from self._lines(lines)

    def _lines(self, lines: Iterable[str]) -> Iterator[ReadPage]:
        yield from self._parts.block(BlockKind.LIST, "\n".join(lines))


def _lines_of(value: Nested, name: str = "") -> Iterator[str]:
    for path, text in _leaves(value, name):
        yield f"{path}: {text}" if path else text


def _leaves(value: Nested, name: str = "") -> Iterator[tuple[str, str]]:
    """The plain values inside, each behind the names that lead to it.

    Works without recursion, for values may be nested to any depth.
    """
    waiting: list[tuple[tuple[str, ...], Nested]] = [((name,), value)]
    while waiting:
        path, item = waiting.pop()
        inner: list[tuple[tuple[str, ...], Nested]]
        if isinstance(item, dict):
            inner = [((*path[-5:], str(key)), member) for key, member in item.items()]
        elif isinstance(item, list) and not _is_short_list(item):
            inner = [
                ((*path[:-1], f"{path[-1][-60:]} {number}".strip()), member)
                for number, member in enumerate(item, 1)
            ]
        else:
            text = ", ".join(map(_shown, item)) if isinstance(item, list) else _shown(item)
            if text:
                yield ".".join(filter(None, path)), text
            continue
        waiting += reversed(inner)


def _shown(value: Nested) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def _is_plain(value: Nested) -> bool:
    return value is None or isinstance(value, str | bool)


def _is_matrix(values: Sequence[Nested]) -> bool:
    """Whether these are rows of plain values."""
    return len(values) > 1 and all(
        isinstance(value, list) and len(value) > 1 and all(map(_is_plain, value))
        for value in values
    )


def _header(columns: list[str], values: list[Nested]) -> tuple[list[str], list[Nested]]:
    """The table's first row, and the values that are its others."""
    if columns:
        return columns, values
    first = _row(values[0], ())
    return (first, values[1:]) if is_header(first) else ([], values)


def _is_short_list(values: Sequence[Nested]) -> bool:
    return all(map(_is_plain, values)) and sum(len(_shown(value)) for value in values) < 300


def _is_small(value: Nested) -> bool:
    length = 0
    for line in _lines_of(value):
        length += len(line)
        if length > _SMALL_CHARACTERS:
            return False
    return True


def _stands_alone(value: Nested) -> bool:
    """Whether a member is a section by itself, and not a line among others."""
    if isinstance(value, str):
        return len(value) > _LONG_TEXT
    is_table = isinstance(value, list) and bool(_columns(value[:_SAMPLE]))
    return is_table or not _is_small(value)


def _own_name(value: Nested) -> str:
    if isinstance(value, dict):
        for key in _NAMES:
            name = value.get(key)
            if isinstance(name, str) and len(name) <= 120 and any(map(str.isalpha, name)):
                return name
    return ""


def _columns(values: Sequence[Nested]) -> list[str]:
    """The columns of the table that these values make up, [] where they are not alike."""
    if len(values) < 2:
        return []
    counted: dict[str, int] = {}
    records = [value for value in values if isinstance(value, dict)]
    if len(records) < _LEAST_RECORDS * len(values):
        return []
    for value in records:
        cells = _cells(value)
        if not cells or any(len(text) > _LONG_TEXT for text in cells.values()):
            return []
        for name in cells:
            counted[name] = counted.get(name, 0) + 1
    filled = sum(counted.values()) / max(1, len(counted) * len(records))
    if not 1 < len(counted) <= _MOST_COLUMNS or filled < _LEAST_FILLED:
        return []
    return [*counted]


def _cells(value: dict[str, Nested]) -> dict[str, str]:
    """The value's plain members by their names; {} where it has more than a row can show."""
    cells: dict[str, str] = {}
    for name, text in _pairs(value):
        if len(cells) > _MOST_COLUMNS:
            return {}
        cells[name] = text
    return cells


def _row(value: Nested, columns: Sequence[str]) -> list[str]:
    """The row's cells; what fits into no column stands behind them with its name."""
    if isinstance(value, list):
        return [
            _shown(item) if _is_plain(item) else "; ".join(text for _, text in _leaves(item))
            for item in value
        ]
    if not isinstance(value, dict):
        return [_shown(value)]
    cells = dict(_pairs(value))
    row = [cells.pop(column, "") for column in columns]
    return [*row, *(f"{name}: {text}" for name, text in cells.items())]


def _pairs(value: dict[str, Nested]) -> Iterable[tuple[str, str]]:
    """As `_leaves`; most records are flat, and there are millions of them."""
    pairs = [(name, text) for name, text in value.items() if isinstance(text, str)]
    return pairs if len(pairs) == len(value) else _leaves(value)
