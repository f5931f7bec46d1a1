"""DOC: the text of old Word documents with headings, tables, notes, headers and boxes."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.doc_stream import (
    CAPTION,
    TITLE,
    ParagraphFormat,
    Piece,
    WordStreams,
)
from desktop.documents.readers.office_encryption import rc4_key_of
from desktop.documents.readers.office_facts import ole_facts
from desktop.documents.readers.ole import DAMAGED, OleContainer
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind, DocumentFacts, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, PasswordNeeded

_MAIN = "WordDocument"
_MAGICS = (0xA5EC, 0xA5DC)
_ENCRYPTED, _SECOND_TABLE, _OBFUSCATED = 0x0100, 0x0200, 0x8000
_IN_CLEAR, _BLOCK = 0x44, 512
_FIRST_WITH_TABLES = 105
_PARAGRAPH = re.compile(r"[^\r\x07\x0c\x0e]*[\r\x07\x0c\x0e]?")
_FIELD = re.compile(r"([\x13\x14\x15])")
_SHOWN = str.maketrans({"\x0b": "\n", "\x1e": "-", "\xa0": " ", **dict.fromkeys(
    map(chr, (*range(9), *range(15, 30), 31)), None
)})  # fmt: skip
_BODY, _NOTES, _HEADERS, _MACROS, _COMMENTS, _END_NOTES, _BOXES = range(7)
_FOOTERS = (2, 3, 5)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Its text, the mark it ends with, its format, and the character it begins at."""

    text: str
    mark: str
    format: ParagraphFormat
    start: int


@dataclass(frozen=True, slots=True)
class _File:
    """What is read of the container before the text."""

    main: bytes
    table: bytes
    has_tables: bool
    title: str
    facts: DocumentFacts
    is_damaged: bool


def read_doc(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield the text in parts; headers and footers first, notes and comments last."""
    file = _file(path, passwords)
    yield Opened(DocumentKind.DOC, file.title or path.stem, PageUnit.PART, facts=file.facts)
    parts = Parts()
    try:
        if file.has_tables:
            yield from _Text(WordStreams(file.main, file.table), parts).read()
        else:
            yield from _oldest(file.main, parts)
    except (struct.error, ValueError, IndexError) as error:
        raise DamagedFile(str(path), "the table of its text is broken") from error
    yield from parts.rest()
    if file.is_damaged:
        yield DAMAGED


def _file(path: Path, passwords: Sequence[str]) -> _File:
    with OleContainer(path) as container:
        main = container.stream(_MAIN)
        if len(main) < 0x60 or struct.unpack_from("<H", main)[0] not in _MAGICS:
            raise DamagedFile(str(path), "its main stream is no Word text")
        _, version, flags = struct.unpack_from("<HH6xH", main)
        has_tables = version >= _FIRST_WITH_TABLES
        name = "1Table" if flags & _SECOND_TABLE else "0Table"
        table = container.stream(name) if has_tables else b""
        if flags & _ENCRYPTED:
            key = None if flags & _OBFUSCATED else rc4_key_of(path, table, passwords)
            if key is None:
                raise PasswordNeeded(str(path))
            main = main[:_IN_CLEAR] + key.decrypted(main, _BLOCK)[_IN_CLEAR:]
            table = key.decrypted(table, _BLOCK)
        is_damaged = container.is_damaged
        return _File(main, table, has_tables, *ole_facts(container.file), is_damaged)


def _oldest(main: bytes, parts: Parts) -> Iterator[ReadPage]:
    """Before 1997 the text lay in one piece, in the Western code page."""
    start, end = struct.unpack_from("<II", main, 0x18)
    fields = _Fields()
    for match in _PARAGRAPH.finditer(main[start:end].decode("cp1252", "replace")):
        text = fields.shown(match[0]).strip("\r\x07\x0c ")
        yield from parts.block(BlockKind.PARAGRAPH, text)


class _Text:
    def __init__(self, streams: WordStreams, parts: Parts) -> None:
        self._streams = streams
        self._numbering = streams.numbering()
        self._parts = parts
        self._items: list[str] = []
        self._rows: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] = []

    def read(self) -> Iterator[ReadPage]:
        regions: list[list[_Paragraph]] = [[] for _ in range(7)]
        ends, total = [], 0
        for length in self._streams.lengths():
            total += length
            ends.append(total)
        for paragraph in self._paragraphs(total):
            region = bisect_right(ends, paragraph.start)
            if region < len(regions):
                regions[region].append(paragraph)
        yield from self._running(regions[_HEADERS], ends[_NOTES])
        for paragraph in regions[_BODY]:
            yield from self._placed(paragraph)
        yield from self._end_table()
        yield from self._end_list()
        for region in (_NOTES, _END_NOTES, _BOXES, _COMMENTS):
            for paragraph in regions[region]:
                yield from self._parts.block(BlockKind.PARAGRAPH, paragraph.text)

    def _paragraphs(self, total: int) -> Iterator[_Paragraph]:
        """All paragraphs in order, the text of fields in place of their instructions."""
        fields = _Fields()
        pieces: list[str] = []
        begun, place = 0, 0
        for piece in self._streams.pieces():
            if place >= total:
                return
            width = 2 if piece.wide else 1
            text = self._decoded(piece)
            for match in _PARAGRAPH.finditer(text):
                if not match[0]:
                    continue
                pieces.append(match[0])
                if match[0][-1] not in "\r\x07\x0c\x0e":
                    continue
                own = self._streams.format_at(piece.offset + (match.end() - 1) * width)
                whole = "".join(pieces)
                shown = fields.shown(whole[:-1]).replace("\ue000", "").strip()
                yield _Paragraph(shown, whole[-1], own, begun)
                begun, pieces = place + match.end(), []
            place += piece.characters
        if pieces:
            yield _Paragraph(fields.shown("".join(pieces)), "\r", ParagraphFormat(), begun)

    def _decoded(self, piece: Piece) -> str:
        """The piece's characters, those that are hidden replaced so that places stay true."""
        width = 2 if piece.wide else 1
        end = piece.offset + piece.characters * width
        data = self._streams.main[piece.offset : end]
        text = data.decode("utf-16-le" if piece.wide else "cp1252", "replace")
        if len(text) != piece.characters:
            # Surrogate pairs are two characters there and one here.
            units = struct.unpack(f"<{piece.characters}H", data)
            text = "".join(map(chr, units))
        for left, right in self._streams.hidden_in(piece.offset, end):
            first, last = (left - piece.offset) // width, (right - piece.offset) // width
            hidden = re.sub(r"[^\r\x07\x0c\x13-\x15]", "\ue000", text[first:last])
            text = text[:first] + hidden + text[last:]
        return text

    def _running(self, paragraphs: list[_Paragraph], before: int) -> Iterator[ReadPage]:
        places = self._streams.header_places()
        said: dict[tuple[str, BlockKind], None] = {}
        for paragraph in paragraphs:
            story = sum(place <= paragraph.start - before for place in places) - 1
            if paragraph.text and story >= 6:
                footer = story % 6 in _FOOTERS
                said[paragraph.text, BlockKind.FOOTER if footer else BlockKind.HEADER] = None
        for text, kind in said:
            yield from self._parts.block(kind, text)

    def _placed(self, paragraph: _Paragraph) -> Iterator[ReadPage]:
        own = paragraph.format
        if own.in_table or paragraph.mark == "\x07":
            yield from self._end_list()
            self._in_table(paragraph)
            return
        yield from self._end_table()
        if not paragraph.text:
            return
        level = _heading_level(own)
        label = ""
        if own.list_number:
            label = self._numbering.next_label(str(own.list_number), own.level)
        if level:
            yield from self._end_list()
            text = paragraph.text if label in ("", "-") else f"{label} {paragraph.text}"
            yield from self._parts.heading(text, level)
        elif own.list_number:
            self._items.append("  " * own.level + f"{label} {paragraph.text}".strip())
        else:
            yield from self._end_list()
            kind = BlockKind.CAPTION if own.style == CAPTION else BlockKind.PARAGRAPH
            yield from self._parts.block(kind, paragraph.text)

    def _in_table(self, paragraph: _Paragraph) -> None:
        if paragraph.format.ends_row:
            if any(self._row):
                self._rows.append(row_text(self._row))
            self._row, self._cell = [], []
            return
        self._cell.append(paragraph.text)
        if paragraph.mark == "\x07":
            self._row.append(" ".join(" ".join(self._cell).split()))
            self._cell = []

    def _end_table(self) -> Iterator[ReadPage]:
        if any(self._row):
            self._rows.append(row_text(self._row))
        rows, self._rows, self._row = self._rows, [], []
        yield from self._parts.block(BlockKind.TABLE, "\n".join(rows))

    def _end_list(self) -> Iterator[ReadPage]:
        items, self._items = self._items, []
        yield from self._parts.block(BlockKind.LIST, "\n".join(items))


class _Fields:
    """Leaves out the instructions of fields, which may go on over many paragraphs."""

    def __init__(self) -> None:
        self._instructed: list[bool] = []

    def shown(self, text: str) -> str:
        """The text without instructions and without marks of the format."""
        pieces = []
        for piece in _FIELD.split(text):
            if piece == "\x13":
                self._instructed.append(True)
            elif piece == "\x14" and self._instructed:
                self._instructed[-1] = False
            elif piece == "\x15" and self._instructed:
                self._instructed.pop()
            elif not any(self._instructed):
                pieces.append(piece)
        joined = "".join(pieces).encode("utf-16-le", "surrogatepass")
        return joined.decode("utf-16-le", "replace").translate(_SHOWN)


def _heading_level(own: ParagraphFormat) -> int:
    if own.outline is not None:
        return own.outline + 2 if own.outline < 9 else 0
    if own.style == TITLE:
        return 1
    return own.style + 1 if 1 <= own.style <= 9 else 0
