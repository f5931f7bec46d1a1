"""XML: articles and feeds as they read, anything else as names and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.nested import Nested, NestedParts
from desktop.documents.readers.office_package import local_name
from desktop.documents.readers.text import flowing_parts, printable_lines
from desktop.documents.readers.xml_article import article_parts, is_article
from desktop.documents.readers.xml_feed import feed_parts, is_feed
from desktop.documents.readers.xml_records import Record, Records
from desktop.documents.readers.xml_values import attributes_of, nested_value, said_in
from desktop.domain.documents import DocumentFacts, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile

_TITLES = ("title",)
_AUTHORS = ("author", "creator", "managingEditor")
_CREATED = ("created", "pubDate", "published", "date")
_MODIFIED = ("modified", "updated", "lastBuildDate")


def read_xml(path: Path) -> Reading:
    """Yield the text in parts; elements are freed again as soon as they are read.

    No entity is resolved and no definition fetched. Broken XML is read as far as its elements can
    be told apart, with a remark. Raises `DamagedFile` where nothing is left of it.
    """
    records = Records(path)
    stream = records.read()
    first = next(stream, None)
    if first is None:
        yield from _as_text(path, records.failure())
        return
    yield _opened(path, first)
    parts = Parts()
    yield from _written(parts, first, chain([first], stream))
    yield from parts.rest()
    if failure := records.failure():
        yield Remark(f"Its XML is broken, and some of it may be missing: {failure}.")


def _opened(path: Path, first: Record) -> Opened:
    root = first.element
    # In plain data, what is called a title may be anybody's.
    names = (*_TITLES, "head") if is_article(root) or is_feed(root) else ()
    facts = DocumentFacts(
        said_in(root, _AUTHORS), said_in(root, _CREATED), said_in(root, _MODIFIED)
    )
    return Opened(DocumentKind.XML, said_in(root, names) or path.stem, PageUnit.PART, None, facts)


def _written(parts: Parts, first: Record, records: Iterator[Record]) -> Iterator[ReadPage]:
    prose = _prose_parts(first.element)
    for key, group in groupby(records, key=lambda record: record.key):
        if key.opened or prose is not None:
            write = _begun if key.opened or prose is None else prose
            for record in group:
                yield from write(parts, record.element, record.key.level)
        elif first.key.opened:
            values = (_named_value(record) for record in group)
            yield from NestedParts(parts).records(values, key.level, key.name)
        else:
            yield from NestedParts(parts).value(nested_value(first.element))


def _named_value(record: Record) -> Nested:
    value = nested_value(record.element)
    return {record.key.name: value} if isinstance(value, str) else value


def _prose_parts(root: Any) -> Callable[[Parts, Any, int], Iterator[ReadPage]] | None:
    if is_article(root):
        return article_parts
    return feed_parts if is_feed(root) else None


def _begun(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    """The name and the attributes of an element that is too large to be read as one."""
    if level > 1:
        yield from parts.heading(local_name(element), level - 1)
    yield from NestedParts(parts).value(attributes_of(element), level)


def _as_text(path: Path, failure: str) -> Reading:
    source = TextFile(path, markup=True)
    pages = flowing_parts(printable_lines(source))
    first = next(pages, None)
    if first is None or not failure:
        raise DamagedFile(str(path), failure or "it holds no elements")
    yield Opened(DocumentKind.XML, path.stem, PageUnit.PART)
    yield from chain([first], pages)
    yield Remark(f"Its XML is broken and was read as plain text: {failure}.")
