"""The streams of an old Word document: where its text lies, and how it is formatted."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.documents.readers.doc_lists import numbering_of
from desktop.documents.readers.docx_numbering import Numbering

_COMPRESSED = 1 << 30
_PAGE = 512
_MOST_PIECES = 1 << 20
_STSH, _HEADERS, _CHARACTERS, _PARAGRAPHS, _PIECES = 1, 11, 12, 13, 33
_LISTS = (73, 74)
_IN_TABLE, _ROW_END, _OUTLINE, _LEVEL, _LIST = 0x2416, 0x2417, 0x2640, 0x260A, 0x460B
_HIDDEN, _DELETED = 0x083C, 0x0800
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
TITLE, CAPTION = 62, 34
"""Numbers that the format gives to styles, in every language."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text as it lies in the main stream; `wide` characters take two bytes."""

    offset: int
    characters: int
    wide: bool


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """What is asked of a paragraph or a style; `style` is the format's own number for it, and
    `list_number` that of the list it belongs to, 0 for none."""

    style: int = 0
    in_table: bool = False
    ends_row: bool = False
    outline: int | None = None
    list_number: int = 0
    level: int = 0


class WordStreams:
    """The main stream and its table; raises `struct.error` or `ValueError` where they break."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self.main = main
        self._table = table
        self._styles = self._style_formats()
        self._starts, self._formats = self._paragraph_formats()
        self._hidden = sorted(self._hidden_runs())
        self._hidden_starts = [start for start, _ in self._hidden]

    def lengths(self) -> tuple[int, ...]:
        """Characters of the text, notes, headers, macros, comments, end notes, boxes."""
        return struct.unpack_from("<7I", self.main, 0x4C)

    def pieces(self) -> Iterator[Piece]:
        data = self._part(_PIECES)
        place = 0
        while place < len(data) and data[place] == 1:
            (size,) = struct.unpack_from("<H", data, place + 1)
            place += 3 + size
        if place >= len(data) or data[place] != 2:
            raise ValueError("no piece table")
        (size,) = struct.unpack_from("<I", data, place + 1)
        pieces = data[place + 5 : place + 5 + size]
        count = (len(pieces) - 4) // 12
        if not 0 < count <= _MOST_PIECES:
            raise ValueError("no pieces")
        starts = struct.unpack_from(f"<{count + 1}I", pieces)
        for index in range(count):
            (where,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * index + 2)
            wide = not where & _COMPRESSED
            offset = where if wide else (where & ~_COMPRESSED) // 2
            length = starts[index + 1] - starts[index]
            if length < 0 or offset + length * (2 if wide else 1) > len(self.main):
                raise ValueError("a piece lies outside the text")
            yield Piece(offset, length, wide)

    def header_places(self) -> tuple[int, ...]:
        """Where each header and footer begins in their part of the text."""
        data = self._part(_HEADERS)
        return struct.unpack_from(f"<{len(data) // 4}I", data)

    def format_at(self, offset: int) -> ParagraphFormat:
        """The format of the paragraph that has this byte."""
        index = bisect_right(self._starts, offset) - 1
        return self._formats[index] if index >= 0 else ParagraphFormat()

    def hidden_in(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Byte ranges between these that are hidden or deleted."""
        index = max(bisect_right(self._hidden_starts, start) - 1, 0)
        for left, right in self._hidden[index:]:
            if left >= end:
                return
            if right > start:
                yield max(left, start), min(right, end)

    def _part(self, index: int) -> bytes:
        offset, size = struct.unpack_from("<II", self.main, 0x9A + 8 * index)
        return self._table[offset : offset + size]

    def numbering(self) -> Numbering:
        """The lists of the document, not counted yet."""
        places = (struct.unpack_from("<II", self.main, 0x9A + 8 * part) for part in _LISTS)
        lists, uses = places
        return numbering_of(self._table, lists, uses)

    def _style_formats(self) -> dict[int, ParagraphFormat]:
        """What each style of the document asks for, with what it is based on."""
        data = self._part(_STSH)
        if len(data) < 6:
            return {}
        size, count, fixed = struct.unpack_from("<HHH", data)
        place, own, base = 2 + size, dict[int, ParagraphFormat](), dict[int, int]()
        for index in range(count):
            if place + 2 > len(data):
                break
            (length,) = struct.unpack_from("<H", data, place)
            if length >= max(fixed, 4) and place + 6 <= len(data):
                first, second = struct.unpack_from("<HH", data, place + 2)
                base[index] = second >> 4
                definition = data[place + 2 : place + 2 + length]
                own[index] = _style_format(definition, fixed, first & 0x0FFF)
            place += 2 + length + length % 2
        return {index: _inherited(index, own, base) for index in own}

    def _paragraph_formats(self) -> tuple[list[int], list[ParagraphFormat]]:
        found: dict[int, ParagraphFormat] = {}
        for start, _, page, place in self._runs(_PARAGRAPHS, 13):
            found.setdefault(start, self._paragraph(page, place))
        starts = sorted(found)
        return starts, [found[start] for start in starts]

    def _paragraph(self, page: bytes, place: int) -> ParagraphFormat:
        if not place or place >= len(page) - 1:
            return ParagraphFormat()
        size = 2 * page[place] - 1
        if size < 0:
            place += 1
            size = 2 * page[place]
        data = page[place + 1 : place + 1 + size]
        if len(data) < 2:
            return ParagraphFormat()
        style = self._styles.get(struct.unpack_from("<H", data)[0], ParagraphFormat())
        said = dict(_properties(data[2:]))
        return ParagraphFormat(
            style.style, bool(said.get(_IN_TABLE)), bool(said.get(_ROW_END)),
            said.get(_OUTLINE), said.get(_LIST, style.list_number),
            min(said.get(_LEVEL, style.level), 8),
        )  # fmt: skip

    def _hidden_runs(self) -> Iterator[tuple[int, int]]:
        for start, end, page, place in self._runs(_CHARACTERS, 1):
            if not place or place >= len(page):
                continue
            said = dict(_properties(page[place + 1 : place + 1 + page[place]]))
            if said.get(_HIDDEN) == 1 or said.get(_DELETED) == 1:
                yield start, end

    def _runs(self, part: int, entry: int) -> Iterator[tuple[int, int, bytes, int]]:
        """Each formatted run: its bytes' start and end, its page, and its format's place there."""
        data = self._part(part)
        count = (len(data) - 4) // 8
        for index in range(max(count, 0)):
            (number,) = struct.unpack_from("<I", data, 4 * (count + 1) + 4 * index)
            start = (number & 0x3FFFFF) * _PAGE
            page = self.main[start : start + _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            if 4 * (runs + 1) + entry * runs >= _PAGE:
                continue
            ends = struct.unpack_from(f"<{runs + 1}I", page)
            for run in range(runs):
                place = page[4 * (runs + 1) + entry * run] * 2
                yield ends[run], ends[run + 1], page, place


def _style_format(definition: bytes, fixed: int, number: int) -> ParagraphFormat:
    """A style by its own instructions; one with an outline level is a heading of that level."""
    if len(definition) < fixed + 2:
        return ParagraphFormat(number)
    (length,) = struct.unpack_from("<H", definition, fixed)
    said = dict(_properties(definition[fixed + 2 + 2 * length + 6 :]))
    outline = said.get(_OUTLINE)
    if outline is not None and outline < 9:
        number = outline + 1
    level = said.get(_LEVEL, 0)
    return ParagraphFormat(number, list_number=said.get(_LIST, 0), level=level)


def _inherited(
    index: int, own: dict[int, ParagraphFormat], base: dict[int, int]
) -> ParagraphFormat:
    number, numbered = 0, ParagraphFormat()
    for _ in range(12):
        found = own[index]
        if not number and (1 <= found.style <= 9 or found.style in (TITLE, CAPTION)):
            number = found.style
        if not numbered.list_number:
            numbered = found
        index = base.get(index, 0xFFF)
        if index not in own:
            break
    return ParagraphFormat(number, list_number=numbered.list_number, level=numbered.level)


def _properties(data: bytes) -> Iterator[tuple[int, int]]:
    """The formatting instructions with the first two bytes of their operand."""
    place = 0
    while place + 2 < len(data):
        (code,) = struct.unpack_from("<H", data, place)
        place += 2
        size = _OPERAND_BYTES.get(code >> 13)
        if size is not None:
            yield code, int.from_bytes(data[place : place + min(size, 2)], "little")
        elif code == _TABLE_DEFINITION:
            size = int.from_bytes(data[place : place + 2], "little") + 1
        elif code == _TABS and data[place] == 255:
            return
        else:
            size = data[place] + 1
        place += size
