"""JSON, JSON lines and notebooks: names and values in lines, like records in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.json_stream import JsonStream, json_decoder, reason_of
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
_LINES_SUFFIXES = (".jsonl", ".ndjson")
_TITLES = ("title", "name")


def read_json(path: Path) -> Reading:
    """Yield the values in parts, numbers as they are written.

    JSON lines and large files are read value by value, down to the lists below the top, and take
    no more memory for being larger. Broken JSON is read as plain text from where it breaks, with
    a remark.
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
        value = json_decoder().decode(text)
    except (ValueError, RecursionError) as error:
        yield Opened(DocumentKind.JSON, path.stem, PageUnit.PART)
        yield from flowing_parts(text.split("\n"))
        yield Remark(f"Its JSON was read as plain text: {reason_of(error)}.")
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
    decode = json_decoder().decode
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
    stream = JsonStream(map(printable, source.pieces()))
    parts = Parts()
    nested = NestedParts(parts)
    if stream.begins_with("{"):
        for name in stream.names():
            if stream.begins_with("["):
                yield from parts.heading(name, 1)
                yield from nested.records(stream.values(), 2, name)
            else:
                parts.enter("", 1)
                yield from nested.value({name: stream.value()})
    else:
        yield from nested.records(stream.values())
    if stream.failure:
        yield from flowing_parts(stream.rest(), parts)
        yield Remark(f"Its JSON was read as plain text from there on: {stream.failure}.")
    else:
        yield from parts.rest()


def _is_lines(path: Path, source: TextFile) -> bool:
    if path.suffix.lower() in _LINES_SUFFIXES:
        return True
    lines = [line for line in next(source.pieces(), "").split("\n", 4)[:4] if line.strip()]
    return len(lines) > 1 and all(_is_value(line) for line in lines[:2])


def _is_value(line: str) -> bool:
    try:
        return isinstance(json_decoder().decode(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _title(value: Any) -> str:
    return next(filter(None, (_text_of(value, name) for name in _TITLES)), "")


def _facts(value: Any) -> DocumentFacts:
    return DocumentFacts(author=_text_of(value, "author"))


def _text_of(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, Mapping) else None
    return " ".join(found.split()) if isinstance(found, str) and len(found) <= 200 else ""
