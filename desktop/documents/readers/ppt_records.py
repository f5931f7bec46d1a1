"""The records of an old PowerPoint document: a tree of containers, and where each part begins."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_EDITS = 10_000
_MOST_DEPTH = 64
_SESSION = 0x2F14
USER_EDIT, PERSIST_DIRECTORY = 0x0FF5, 0x1772


@dataclass(frozen=True, slots=True)
class Record:
    """`kind` is the record's type, `instance` what tells records of one type apart."""

    kind: int
    instance: int
    is_container: bool
    body: memoryview

    def children(self) -> Iterator[Record]:
        """The records within, as far as they are whole."""
        place = 0
        while self.is_container and place + 8 <= len(self.body):
            record = record_at(self.body, place)
            yield record
            place += 8 + len(record.body)

    def child(self, kind: int) -> Record | None:
        return next((record for record in self.children() if record.kind == kind), None)

    def all(self, *kinds: int, depth: int = 0) -> Iterator[Record]:
        """Each record of these types at any depth, not looked into itself."""
        for record in self.children():
            if record.kind in kinds:
                yield record
            elif depth < _MOST_DEPTH:
                yield from record.all(*kinds, depth=depth + 1)

    def number(self, offset: int) -> int:
        """An unsigned number of four bytes in the body, 0 behind its end."""
        if offset + 4 > len(self.body):
            return 0
        (value,) = struct.unpack_from("<I", self.body, offset)
        return int(value)


def record_at(data: memoryview, place: int) -> Record:
    """The record that begins here; raises `ValueError` where none can."""
    if place + 8 > len(data):
        raise ValueError("no record here")
    first, kind, size = struct.unpack_from("<HHI", data, place)
    body = data[place + 8 : place + 8 + size]
    return Record(kind, first >> 4, first & 0xF == 0xF, body)


def parts_of(data: memoryview, last_edit: int) -> tuple[int, dict[int, int]]:
    """The document's own part and where each part begins: later edits hide earlier ones."""
    document = 0
    places: dict[int, int] = {}
    seen: set[int] = set()
    while last_edit not in seen and len(seen) < _MOST_EDITS:
        seen.add(last_edit)
        edit = record_at(data, last_edit)
        if edit.kind != USER_EDIT:
            raise ValueError("no edit where one should be")
        document = document or edit.number(16)
        directory = record_at(data, edit.number(12))
        if directory.kind != PERSIST_DIRECTORY:
            raise ValueError("no list of parts where one should be")
        for identity, place in _listed(directory.body):
            places.setdefault(identity, place)
        last_edit = edit.number(8)
        if not last_edit:
            break
    return document, places


def session_info(data: memoryview, last_edit: int) -> bytes:
    """How the parts of an encrypted presentation were closed."""
    _, places = parts_of(data, last_edit)
    reference = record_at(data, last_edit).number(28)
    session = record_at(data, places.get(reference, len(data)))
    if session.kind != _SESSION:
        raise ValueError("no word about the encryption")
    return bytes(session.body)


def _listed(data: memoryview) -> Iterator[tuple[int, int]]:
    place = 0
    while place + 4 <= len(data):
        (head,) = struct.unpack_from("<I", data, place)
        first, count = head & 0xFFFFF, head >> 20
        place += 4
        for index in range(min(count, (len(data) - place) // 4)):
            yield first + index, struct.unpack_from("<I", data, place + 4 * index)[0]
        place += 4 * count
