"""PPT: slides of old presentations with their titles, lists, tables and speaker's notes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.office_encryption import rc4_key_of
from desktop.documents.readers.office_facts import DEFAULT_TITLES, ole_facts
from desktop.documents.readers.office_rc4 import Rc4Key
from desktop.documents.readers.ole import DAMAGED, OleContainer
from desktop.documents.readers.ppt_records import Record, parts_of, record_at, session_info
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, NoPages, PasswordNeeded

_MAIN, _CURRENT = "PowerPoint Document", "Current User"
_ENCRYPTED = 0xF3D1C4DF
_SLIDE_LIST, _SLIDE_ENTRY, _SLIDE, _NOTES = 0x0FF0, 0x03F3, 0x03EE, 0x03F0
_SLIDE_SHOW, _NOTES_ATOM, _DRAWING = 0x03F9, 0x03F1, 0x040C
_HEADER, _WIDE, _NARROW, _OUTLINE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_GROUP, _SHAPE, _TEXT_BOX, _CHILD_ANCHOR = 0xF003, 0xF004, 0xF00D, 0xF00F
_CLIENT_DATA, _PLACE = 0xF011, 0x0BC3
_PROPERTIES, _MORE_PROPERTIES = 0xF00B, 0xF122
_TABLE_PROPERTY = 0x039F
_TITLE_TYPES, _BODY_TYPES = (0, 6), (1, 7, 8)
_PLACES = {7: None, 8: None, 9: BlockKind.FOOTER, 10: BlockKind.HEADER}
_MOST_NAMED = 20
_Text = tuple[int, str]
"""What a text is on its slide, as the format counts it, and its characters."""


def read_ppt(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield one page a slide, hidden ones too."""
    opened, deck, is_damaged = _opened(path, passwords)
    yield opened
    try:
        yield from deck.read()
    except (struct.error, ValueError) as error:
        raise DamagedFile(str(path), "a slide of it is broken") from error
    if deck.hidden:
        named = ", ".join(map(str, deck.hidden[:_MOST_NAMED]))
        yield Remark(f"Hidden slides were read too: {named}.")
    if is_damaged:
        yield DAMAGED


def _opened(path: Path, passwords: Sequence[str]) -> tuple[Opened, _Deck, bool]:
    with OleContainer(path) as container:
        data = memoryview(container.stream(_MAIN))
        current = container.stream(_CURRENT)
        is_damaged = container.is_damaged
        title, facts = ole_facts(container.file)
    try:
        _, token, last_edit = struct.unpack_from("<III", current, 8)
        key = None
        info = session_info(data, last_edit) if token == _ENCRYPTED else None
        if info is not None:
            key = rc4_key_of(path, info, passwords)
            if key is None:
                raise PasswordNeeded(str(path))
        deck = _Deck(data, last_edit, key)
    except (struct.error, ValueError) as error:
        raise DamagedFile(str(path), "the list of its slides is broken") from error
    if not deck.count:
        raise NoPages(str(path))
    title = "" if title in DEFAULT_TITLES else title
    opened = Opened(DocumentKind.PPT, title or path.stem, PageUnit.SLIDE, deck.count, facts)
    return opened, deck, is_damaged


class _Deck:
    def __init__(self, data: memoryview, last_edit: int, key: Rc4Key | None) -> None:
        self._data = data
        self._key = key
        main, self._places = parts_of(data, last_edit)
        document = self._part(main)
        lists = [record for record in document.children() if record.kind == _SLIDE_LIST]
        self._entries = [entry for one in lists if one.instance == 0 for entry in _entries(one)]
        notes = [entry for one in lists if one.instance == 2 for entry in _entries(one)]
        self._notes = dict(self._notes_by_slide(notes))
        self.hidden: list[int] = []

    @property
    def count(self) -> int:
        return len(self._entries)

    def read(self) -> Iterator[ReadPage]:
        parts = Parts(cut=False)
        for number, (entry, outline) in enumerate(self._entries, start=1):
            slide = self._part(entry.number(0))
            if slide.kind != _SLIDE:
                raise ValueError("no slide where one should be")
            show = slide.child(_SLIDE_SHOW)
            if show is not None and len(show.body) > 10 and show.body[10] & 4:
                self.hidden.append(number)
            drawn = list(_drawn(slide, outline))
            titles = [text for kind, text in drawn if kind is BlockKind.HEADING]
            title = " ".join(titles[0].split()) if titles else ""
            yield from parts.begin(title)
            yield from parts.heading(title, 1)
            for kind, text in drawn:
                if kind is not BlockKind.HEADING or text not in titles[:1]:
                    own = BlockKind.PARAGRAPH if kind is BlockKind.HEADING else kind
                    yield from parts.block(own, text)
            parts.enter("Notes", 2)
            for text in self._notes.get(entry.number(12), ()):
                yield from parts.block(BlockKind.PARAGRAPH, text)
        yield from parts.rest()

    def _part(self, identity: int) -> Record:
        place = self._places.get(identity, len(self._data))
        if self._key is None:
            return record_at(self._data, place)
        # A part is encrypted with its head, which says how long it is.
        head = self._key.block(identity, bytes(self._data[place : place + 8]))
        size = int.from_bytes(head[4:8], "little")
        whole = self._key.block(identity, bytes(self._data[place : place + 8 + size]))
        return record_at(memoryview(whole), 0)

    def _notes_by_slide(
        self, entries: list[tuple[Record, list[_Text]]]
    ) -> Iterator[tuple[int, list[str]]]:
        for entry, outline in entries:
            page = self._part(entry.number(0))
            atom = page.child(_NOTES_ATOM)
            if page.kind == _NOTES and atom is not None:
                said = [
                    text for kind, text in _drawn(page, outline) if kind not in _PLACES.values()
                ]
                yield atom.number(0), said


def _entries(record: Record) -> Iterator[tuple[Record, list[_Text]]]:
    """Each slide of a list with the texts that its outline keeps."""
    entry: Record | None = None
    texts: list[_Text] = []
    kind = 0
    for child in record.children():
        if child.kind == _SLIDE_ENTRY:
            if entry is not None:
                yield entry, texts
            entry, texts = child, []
        elif child.kind == _HEADER:
            kind = child.number(0)
        elif child.kind in (_WIDE, _NARROW):
            texts.append((kind, _characters(child)))
    if entry is not None:
        yield entry, texts


def _drawn(page: Record, outline: list[_Text]) -> Iterator[tuple[BlockKind, str]]:
    for drawing in page.children():
        if drawing.kind == _DRAWING:
            yield from _shapes(drawing, outline, 0)


def _shapes(record: Record, outline: list[_Text], depth: int) -> Iterator[tuple[BlockKind, str]]:
    for child in record.children():
        if child.kind == _SHAPE:
            yield from _blocks(child, outline)
        elif child.kind == _GROUP and _is_table(child):
            yield BlockKind.TABLE, _table(child, outline)
        elif child.is_container and depth < 64:
            yield from _shapes(child, outline, depth + 1)


def _blocks(shape: Record, outline: list[_Text]) -> Iterator[tuple[BlockKind, str]]:
    place = next(shape.all(_PLACE), None)
    number = place.body[4] if place is not None and len(place.body) > 4 else 0
    for kind, text in _texts(shape, outline):
        lines = [line.strip() for line in text.split("\r") if line.strip()]
        if number in _PLACES:
            running = _PLACES[number]
            if running is not None and "*" not in text:
                yield running, " ".join(lines)
        elif kind in _TITLE_TYPES:
            yield BlockKind.HEADING, " ".join(lines)
        elif kind in _BODY_TYPES and len(lines) > 1:
            yield BlockKind.LIST, "\n".join(f"- {' '.join(line.split())}" for line in lines)
        else:
            for line in lines:
                yield BlockKind.PARAGRAPH, line


def _texts(shape: Record, outline: list[_Text]) -> Iterator[_Text]:
    """The texts of a shape, those that stand in the outline taken from there."""
    for box in shape.all(_TEXT_BOX):
        kind = 4
        for child in box.children():
            if child.kind == _HEADER:
                kind = child.number(0)
            elif child.kind == _OUTLINE and child.number(0) < len(outline):
                yield outline[child.number(0)]
            elif child.kind in (_WIDE, _NARROW):
                yield kind, _characters(child)


def _characters(record: Record) -> str:
    encoding = "utf-16-le" if record.kind == _WIDE else "latin-1"
    return bytes(record.body).decode(encoding, "replace").replace("\v", "\n").replace("\0", "")


def _is_table(group: Record) -> bool:
    """Whether the shape that stands for the group says that it is a table."""
    first = group.child(_SHAPE)
    if first is None:
        return False
    for record in first.children():
        if record.kind in (_PROPERTIES, _MORE_PROPERTIES):
            for index in range(min(record.instance, len(record.body) // 6)):
                (identity,) = struct.unpack_from("<H", record.body, 6 * index)
                if identity & 0x3FFF == _TABLE_PROPERTY:
                    return True
    return False


def _table(group: Record, outline: list[_Text]) -> str:
    """Rows and columns by the places of the cells."""
    cells: dict[tuple[int, int], str] = {}
    for shape in group.children():
        anchor = shape.child(_CHILD_ANCHOR) if shape.kind == _SHAPE else None
        text = " ".join(" ".join(text for _, text in _texts(shape, outline)).split())
        if anchor is not None and text and len(anchor.body) >= 16:
            left, top, _, _ = struct.unpack_from("<4i", anchor.body)
            cells[top, left] = text
    columns = sorted({left for _, left in cells})
    rows = sorted({top for top, _ in cells})
    return "\n".join(row_text([cells.get((top, left), "") for left in columns]) for top in rows)
