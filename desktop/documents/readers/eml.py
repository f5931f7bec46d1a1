"""EML: one mail message; what came along with it are files of their own."""

from __future__ import annotations

from pathlib import Path

from desktop.documents.content import Opened, Reading, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.letter import Letter, find_file, inner_files, letter_parts
from desktop.documents.readers.mime_letter import letter_of, parsed
from desktop.domain.documents import DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, FileMissing


def read_eml(path: Path) -> Reading:
    """Yield the message in parts, messages within it included, then its attachments."""
    letter = _letter(path)
    if letter.undecoded and letter.says_nothing:
        raise DamagedFile(str(path), "its text cannot be decoded")
    yield Opened(
        DocumentKind.EML, letter.subject[:200] or path.stem, PageUnit.PART, facts=letter.facts
    )
    parts = Parts()
    yield from letter_parts(letter, parts)
    yield from parts.rest()
    yield from inner_files(letter)
    if letter.undecoded:
        yield Remark("A part of its text could not be decoded.")


def inner_file(path: Path, name: str) -> bytes:
    """The attachment that `read_eml` gave this name; raises `FileMissing`."""
    data = find_file([("", _letter(path))], name)
    if data is None:
        raise FileMissing(str(path))
    return data


def _letter(path: Path) -> Letter:
    return letter_of(parsed(path.read_bytes()))
