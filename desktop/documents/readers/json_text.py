"""JSON, JSON lines and notebooks: names and values in lines, like records in tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.nested import NestedParts
from desktop.documents.readers.notebook import is_notebook, notebook_facts, notebook_parts
from desktop.documents.readers.text import (
    encoding_remarks,
    flowing_parts,
    printable,
    printable_lines,
)
from desktop.domain.documents import DocumentFacts, DocumentKind, PageUnit

# Parsed whole, a file takes up to thirty times its size.
_WHOLE_BYTES = 16_000_000
_LONGEST_RECORD = 8 << 20
_SPACE = re.compile(r"[\s,]*")
_LINES_SUFFIXES = (".jsonl", ".ndjson")
_TITLES = ("title", "name")


def read_json(path: Path) -> Reading:
    """Yield the values in parts, numbers as they are written.

    A list at the top is read value by value, and so are JSON lines; neither takes more memory for
    a larger file. Broken JSON is read as plain text from where it breaks, with a remark.
    """
    source = TextFile(path)
    if _is_lines(path, source):
        yield Opened(DocumentKind.JSON, path.stem, PageUnit.PART)
        yield from _from_lines(source)
    elif path.stat().st_size > _WHOLE_BYTES:
        yield Opened(DocumentKind.JSON, path.stem, PageUnit.PART)
        yield from _from_stream(source)
    else:
        yield from _from_whole(path, source)
    yield from encoding_remarks(source)


def _from_whole(path: Path, source: TextFile) -> Reading:
    text = "".join(map(printable, source.pieces()))
    try:
        value = _decoder().decode(text)
    except (ValueError, RecursionError) as error:
        yield Opened(DocumentKind.JSON, path.stem, PageUnit.PART)
        yield from flowing_parts(text.split("\n"))
        yield Remark(f"Its JSON was read as plain text: {_reason(error)}.")
        return
    if is_notebook(value):
        title, facts = notebook_facts(value)
        yield Opened(DocumentKind.JSON, title or path.stem, PageUnit.PART, None, facts)
        yield from notebook_parts(value)
        return
    yield Opened(DocumentKind.JSON, _title(value) or path.stem, PageUnit.PART, None, _facts(value))
    parts = Parts()
    yield from NestedParts(parts).value(value)
    yield from parts.rest()


def _from_lines(source: TextFile) -> Reading:
    decode = _decoder().decode
    broken = 0

    def values() -> Iterator[Any]:
        nonlocal broken
        for line in printable_lines(source):
            if line.strip():
                try:
                    yield decode(line)
                except (ValueError, RecursionError):
                    broken += 1
                    yield line

    parts = Parts()
    yield from NestedParts(parts).records(values())
    yield from parts.rest()
    if broken:
        yield Remark(f"Lines that are not JSON and were read as plain text: {broken:,}.")


def _from_stream(source: TextFile) -> Reading:
    stream = _Stream(map(printable, source.pieces()))
    parts = Parts()
    yield from NestedParts(parts).records(stream.values())
    if stream.failure:
        yield from flowing_parts(stream.rest(), parts)
        yield Remark(f"Its JSON was read as plain text from there on: {stream.failure}.")
    else:
        yield from parts.rest()


class _Stream:
    """The values of the list at a file's top, one at a time."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self.failure = ""

    def values(self) -> Iterator[Any]:
        """Each value of the list; `failure` says why they end early, "" where they do not."""
        decode = _decoder().raw_decode
        self._grow()
        self._skip_space()
        if self._text[self._at : self._at + 1] != "[":
            self.failure = "it is one large value"
            return
        self._at += 1
        while True:
            self._skip_space()
            if self._text.startswith("]", self._at):
                return
            try:
                value, end = decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                value, end = None, -1
                self.failure = _reason(error)
            # A number that ends with the piece may go on in the next one.
            if 0 < end < len(self._text):
                self._at, self.failure = end, ""
                yield value
            elif len(self._text) - self._at > _LONGEST_RECORD or not self._grow():
                self.failure = self.failure or "it ends inside its list"
                return

    def rest(self) -> Iterator[str]:
        """The lines behind the last value."""
        for piece in chain([self._text[self._at :]], self._pieces):
            yield from piece.split("\n")

    def _grow(self) -> bool:
        more = next(self._pieces, "")
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(more)

    def _skip_space(self) -> None:
        while (match := _SPACE.match(self._text, self._at)) and match.end() == len(self._text):
            self._at = match.end()
            if not self._grow():
                return
        self._at = match.end() if match else self._at


def _decoder() -> json.JSONDecoder:
    # Figures stay as written: 1.50 would lose its zero as a number, and a long one its end.
    return json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)


def _is_lines(path: Path, source: TextFile) -> bool:
    if path.suffix.lower() in _LINES_SUFFIXES:
        return True
    lines = [line for line in next(source.pieces(), "").split("\n", 4)[:4] if line.strip()]
    return len(lines) > 1 and all(_is_value(line) for line in lines[:2])


def _is_value(line: str) -> bool:
    try:
        return isinstance(_decoder().decode(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it breaks in line {error.lineno:,}"
    return "it is nested too deeply"


def _title(value: Any) -> str:
    return next(filter(None, (_text_of(value, name) for name in _TITLES)), "")


def _facts(value: Any) -> DocumentFacts:
    return DocumentFacts(author=_text_of(value, "author"))


def _text_of(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, Mapping) else None
    return " ".join(found.split()) if isinstance(found, str) and len(found) <= 200 else ""
