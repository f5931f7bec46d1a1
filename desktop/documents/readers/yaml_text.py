"""YAML as it is written, cut at its top-level keys; no value is ever made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.text import encoding_remarks, printable_lines
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_KEY = re.compile(
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^\s#\-:\[{&*!|>'\"%@`][^:#]*?))\s*:(?:\s|$)"
)
_DOCUMENT = re.compile(r"(?:---|\.\.\.)(?:\s|$)")
_MOST_LINES = 400
_SMALL_LINES = 4


def read_yaml(path: Path) -> Reading:
    """Yield the text in parts, what a top-level key holds in one block under the key.

    Keys of a few lines stay together. Comments stay with the key below them.
    """
    source = TextFile(path)
    yield Opened(DocumentKind.YAML, path.stem, PageUnit.PART)
    yield from _parts_of(printable_lines(source))
    yield from encoding_remarks(source)


def _parts_of(lines: Iterable[str]) -> Iterator[ReadPage]:
    parts = Parts()
    loose: list[str] = []
    for key, entry in _entries(lines):
        if len(entry) <= _SMALL_LINES:
            loose += entry
            continue
        yield from _block(parts, "", loose)
        loose = []
        yield from _block(parts, key, entry)
    yield from _block(parts, "", loose)
    yield from parts.rest()


def _block(parts: Parts, key: str, lines: list[str]) -> Iterator[ReadPage]:
    if any(lines):
        parts.enter(key, 1)
        yield from parts.block(BlockKind.CODE, "\n".join(lines))


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each top-level key with its lines; a long one in several pieces."""
    key, entry = "", list[str]()
    for line in lines:
        match = _KEY.match(line)
        if match or _DOCUMENT.match(line):
            comments = _comments_below(entry)
            yield key, entry[: len(entry) - comments]
            entry = entry[len(entry) - comments :]
            key = (match["quoted"] or match["plain"]) if match else ""
        elif len(entry) >= _MOST_LINES and line[:1] != " ":
            yield key, entry
            entry = []
        entry.append(line.rstrip())
    yield key, entry


def _comments_below(lines: list[str]) -> int:
    count = 0
    for line in reversed(lines):
        if not line.startswith("#"):
            break
        count += 1
    return count
