"""MBOX: many messages in one file, a section each, read one after the other."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from desktop.documents.content import Opened, Reading, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.letter import Letter, find_file, inner_files, letter_parts
from desktop.documents.readers.mime_letter import letter_of, parsed
from desktop.domain.documents import DocumentKind, InnerFile, PageUnit
from desktop.domain.errors import FileMissing

_PIECE_BYTES = 4 << 20
_MOST_MESSAGE_BYTES = 128 << 20
_MOST_INNER_FILES = 10_000
_LONGEST_POSTMARK = 1_000
_POSTMARK = re.compile(rb"\n\r?\nFrom [^\r\n]{1,400}\r?\n(?=[A-Za-z][A-Za-z0-9-]*:|>From )")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mbox(path: Path) -> Reading:
    """Yield each message as a section that carries its subject, and its attachments.

    An attachment's name begins with the number of its message.
    """
    yield Opened(DocumentKind.MBOX, path.stem, PageUnit.SECTION)
    parts = Parts()
    too_long = undecoded = files = 0
    for number, data in enumerate(_messages(path), start=1):
        if data is None:
            too_long += 1
            continue
        letter = letter_of(parsed(data))
        undecoded += letter.undecoded
        yield from parts.begin(letter.subject or letter.sender or str(number))
        yield from letter_parts(letter, parts)
        for event in inner_files(letter, f"{number}/"):
            files += isinstance(event, InnerFile)
            if files <= _MOST_INNER_FILES:
                yield event
    yield from parts.rest()
    yield from _remarks(too_long, undecoded, files)


def inner_file(path: Path, name: str) -> bytes:
    """The attachment that `read_mbox` gave this name; raises `FileMissing`."""
    folder, _, _ = name.partition("/")
    starts = _starts_in(path)
    number = int(folder) if folder.isdecimal() and len(folder) < 12 else 0
    if 0 < number < len(starts):
        data = _message(path, starts[number - 1], starts[number])
        letter = letter_of(parsed(data)) if data is not None else Letter()
        found = find_file([(f"{number}/", letter)], name)
        if found is not None:
            return found
    raise FileMissing(str(path))


def _remarks(too_long: int, undecoded: int, files: int) -> Iterator[Remark]:
    limit = _MOST_MESSAGE_BYTES >> 20
    if too_long:
        yield Remark(f"Messages longer than {limit} MB, which are not read: {too_long:,}.")
    if undecoded:
        yield Remark(f"Messages of which a part of the text could not be decoded: {undecoded:,}.")
    if files > _MOST_INNER_FILES:
        left = files - _MOST_INNER_FILES
        yield Remark(f"Attachments that are not read because there are too many: {left:,}.")


def _messages(path: Path) -> Iterator[bytes | None]:
    """The messages' bytes; None for one that is too long to hold."""
    for start, end in pairwise(_starts_in(path)):
        yield _message(path, start, end)


def _message(path: Path, start: int, end: int) -> bytes | None:
    if end - start > _MOST_MESSAGE_BYTES:
        return None
    with path.open("rb") as file:
        file.seek(start)
        return _QUOTED.sub(rb"\1", file.read(end - start))


def _starts_in(path: Path) -> Sequence[int]:
    stamp = path.stat()
    return _starts_of(path, stamp.st_size, stamp.st_mtime_ns)


# Attachments are asked for one by one, and looking through a large mailbox takes its time.
@lru_cache(maxsize=1)
def _starts_of(path: Path, size_bytes: int, _modified_ns: int) -> Sequence[int]:
    return array("Q", [*_starts(path), size_bytes])


def _starts(path: Path) -> Iterator[int]:
    """Where the messages begin, behind the blank line before each postmark."""
    yield 0
    last = 0
    with path.open("rb") as file:
        offset, held = 0, file.read(_PIECE_BYTES)
        while held:
            more = file.read(_PIECE_BYTES)
            # A postmark at the very end is found again with what follows it.
            sure = len(held) - _LONGEST_POSTMARK if more else len(held)
            for match in _POSTMARK.finditer(held):
                start = offset + match.start() + match.group().index(b"From ")
                if match.end() <= sure and start > last:
                    last = start
                    yield start
            kept = held[-2 * _LONGEST_POSTMARK :] if more else b""
            offset += len(held) - len(kept)
            held = kept + more
