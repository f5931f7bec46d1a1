"""MSG: Outlook's own file for one message, with what came along."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.dispatch import reading_of
from desktop.documents.held_file import held
from desktop.documents.parts import Parts
from desktop.documents.readers.letter import (
    Attached,
    BodyText,
    Letter,
    find_file,
    inner_files,
    letter_parts,
)
from desktop.documents.readers.msg_properties import Properties
from desktop.documents.readers.packed_rtf import unpacked_rtf
from desktop.domain.documents import DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, DocumentError, EmptyFile, FileMissing

_SUBJECT, _BODY, _MARKUP, _RICH_TEXT = 0x0037, 0x1000, 0x1013, 0x1009
_SENDER, _SENDER_ADDRESS, _SMTP_ADDRESS, _ON_BEHALF_OF = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
_TO, _COPIED_TO, _SENT, _DELIVERED = 0x0E04, 0x0E03, 0x0039, 0x0E06
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT = 0x3707, 0x3704, 0x3001, 0x3701
_CONTENT_ID, _MIME_TYPE, _HIDDEN = 0x3712, 0x370E, 0x7FFE
_EMBEDDED = "__substg1.0_3701000D"
_ATTACHMENT = "__attach_version1.0_"
_MOST_ATTACHMENTS = 10_000
_MOST_ENCLOSED = 20
# What the OLE library raises on damaged files, besides its own error, which is an OSError.
_BROKEN = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError,
    struct.error,
)  # fmt: skip


def read_msg(path: Path) -> Reading:
    """Yield the message in parts, messages within it included, then its attachments."""
    with _opened(path) as ole, _damage_named(path):
        letter = _Message(ole, ()).letter()
        if letter.says_nothing and not letter.subject:
            raise EmptyFile(str(path))
        yield Opened(
            DocumentKind.MSG, letter.subject[:200] or path.stem, PageUnit.PART, facts=letter.facts
        )
        parts = Parts()
        yield from letter_parts(letter, parts)
        yield from parts.rest()
        yield from inner_files(letter)
        if ole.parsing_issues or _misses_something(letter):
            yield Remark("The file is damaged; some of what came along may miss.")


def inner_file(path: Path, name: str) -> bytes:
    """The attachment that `read_msg` gave this name; raises `FileMissing`."""
    with _opened(path) as ole, _damage_named(path):
        data = find_file([("", _Message(ole, ()).letter())], name)
    if data is None:
        raise FileMissing(str(path))
    return data


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from olefile import OleFileIO

    with path.open("rb") as file:
        with _damage_named(path):
            ole = OleFileIO(file)
        try:
            yield ole
        finally:
            ole.close()


@contextlib.contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DamagedFile(str(path), "its parts cannot be found or read") from error


class _Message:
    """One message of the file: its own, or one that is attached to it."""

    def __init__(
        self, ole: Any, storage: tuple[str, ...], charset: str | None = None, depth: int = 0
    ) -> None:
        self._ole = ole
        self._own = Properties(ole, storage, charset)
        self._depth = depth

    def letter(self, name: str = "") -> Letter:
        attached: list[Attached] = []
        enclosed: list[Letter] = []
        for properties in self._attachments():
            if self._ole.exists([*properties.storage, _EMBEDDED]):
                enclosed += self._enclosed(properties)
            elif not _is_part_of_page(properties):
                attached.append(
                    Attached(_name(properties) or "attachment", partial(properties.data, _CONTENT))
                )
        own = self._own
        return Letter(
            subject=own.text(_SUBJECT).strip(),
            sender=_sender(own),
            to=own.text(_TO),
            copied_to=own.text(_COPIED_TO),
            sent=own.moment(_SENT) or own.moment(_DELIVERED),
            name=name,
            body=tuple(self._body()),
            attached=tuple(attached),
            enclosed=tuple(enclosed),
        )

    def _body(self) -> Iterator[BodyText]:
        text = self._own.text(_BODY)
        if text.strip():
            yield BodyText(text)
            return
        markup = self._own.markup(_MARKUP)
        if markup.strip():
            yield BodyText(markup, is_markup=True)
            return
        yield BodyText(_rich_text(unpacked_rtf(self._own.data(_RICH_TEXT))))

    def _attachments(self) -> Iterator[Properties]:
        own = self._own
        depth = len(own.storage)
        names = {
            entry[depth]
            for entry in self._ole.listdir(streams=True, storages=True)
            if len(entry) > depth
            and tuple(entry[:depth]) == own.storage
            and entry[depth].startswith(_ATTACHMENT)
        }
        for name in sorted(names)[:_MOST_ATTACHMENTS]:
            yield Properties(self._ole, (*own.storage, name), own.charset)

    def _enclosed(self, properties: Properties) -> Iterator[Letter]:
        if self._depth >= _MOST_ENCLOSED:
            return
        storage = (*properties.storage, _EMBEDDED)
        # An object of another program lies in the same place and is no message.
        if self._ole.exists([*storage, "__properties_version1.0"]):
            name = _name(properties)
            inner = _Message(self._ole, storage, self._own.charset, self._depth + 1)
            yield inner.letter(name if name.lower().endswith(".msg") or not name else f"{name}.msg")


def _sender(own: Properties) -> str:
    name = own.first_text(_SENDER, _ON_BEHALF_OF)
    address = own.first_text(_SMTP_ADDRESS, _SENDER_ADDRESS)
    # Within a company the address is a directory entry that no person reads.
    if "@" not in address or address in name:
        return name
    return f"{name} <{address}>" if name else address


def _name(properties: Properties) -> str:
    return properties.first_text(_LONG_NAME, _SHORT_NAME, _SHOWN_NAME).strip()


def _is_part_of_page(properties: Properties) -> bool:
    """A picture that the text shows in place: a logo, a smiley."""
    if properties.number(_HIDDEN) & 0xFF:
        return True
    kind = properties.text(_MIME_TYPE)
    return kind.startswith("image/") and bool(properties.text(_CONTENT_ID))


def _misses_something(letter: Letter) -> bool:
    return not all(file.load() for file in letter.attached) or any(
        map(_misses_something, letter.enclosed)
    )


def _rich_text(data: bytes) -> str:
    if not data:
        return ""
    try:
        with held(data, "body.rtf") as file:
            events = list(reading_of(file, DocumentKind.RTF))
    except DocumentError:
        return ""
    return "\n\n".join(event.page.text for event in events if isinstance(event, ReadPage))
