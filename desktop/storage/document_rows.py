"""Documents, pages and chunks as rows of their tables."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.domain.documents import (
    Chunk,
    Document,
    DocumentContent,
    DocumentFacts,
    DocumentKind,
    DocumentStatus,
    PageUnit,
)
from desktop.storage.database import Row
from desktop.storage.packed_page import PackedPage
from desktop.storage.stored_text import path_of, storable_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = """
    id, collection_id, path, title, kind, status, sha256, size_bytes, modified_ns, pages, chunks,
    unit, error, error_detail, indexed_at, facts, parent_id, inner_files, recognised_pages
"""

_NO_FACTS = DocumentFacts()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What storing did: the ids to add to the vector index, and those to take out of it.

    `inner` are the documents inside this one, in the order of its content; they wait to be read.
    """

    document: Document
    chunk_ids: tuple[int, ...]
    replaced_chunk_ids: tuple[int, ...]
    inner: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class FinishedDocument:
    """All of a document that storage takes in one transaction.

    `content.pages` is not looked at: `pages` and `chunks` come one by one, because the largest
    documents do not fit into memory. `hashes` has one for each chunk, `vectors` comes in parts
    whose rows follow the chunks. A document of pictures alone is stored as `NEEDS_OCR`.
    """

    content: DocumentContent
    sha256: str
    size_bytes: int
    modified_ns: int
    page_count: int
    pages: Iterable[PackedPage]
    chunk_count: int
    chunks: Iterable[Chunk]
    hashes: Iterable[bytes | None]
    vectors: Iterable[NDArray[np.float32]]
    embedder: str
    status: DocumentStatus = DocumentStatus.READY
    error: str = ""
    error_detail: str = ""
    recognised_pages: int = 0
    # After text recognition: the files inside it were not looked at.
    inner_as_before: bool = False


def document_of(row: Row) -> Document:
    """The document of a row of `COLUMNS`."""
    return Document(
        id=row[0],
        collection_id=row[1],
        path=path_of(row[2]),
        title=row[3],
        kind=DocumentKind(row[4]) if row[4] else None,
        status=DocumentStatus(row[5]),
        sha256=row[6],
        size_bytes=row[7],
        modified_ns=row[8],
        pages=row[9],
        chunks=row[10],
        unit=PageUnit(row[11]),
        error=row[12],
        error_detail=row[13],
        indexed_at=row[14],
        # Most rows of a large folder have none, and all of them are looked at.
        facts=_NO_FACTS if row[15] == "{}" else DocumentFacts(**json.loads(row[15])),
        parent_id=row[16],
        inner_files=row[17],
        recognised_pages=row[18],
    )


def page_row(document_id: int, page: PackedPage) -> tuple[object, ...]:
    return (
        document_id,
        page.number,
        page.plain_text(),
        page.layout,
        page.width,
        page.height,
        page.name,
    )


def chunk_rows(
    first: int, document_id: int, chunks: Iterable[Chunk], hashes: Iterable[bytes | None]
) -> Iterator[tuple[object, ...]]:
    """Rows with ids that follow each other, from `first`."""
    for chunk_id, (chunk, digest) in enumerate(zip(chunks, hashes, strict=True), first):
        headings = [storable_text(heading) for heading in chunk.heading_path]
        yield (
            chunk_id,
            document_id,
            chunk.ordinal,
            chunk.page_number,
            chunk.start,
            chunk.end,
            # Not escaped to ASCII: the keyword index reads this text too.
            json.dumps(headings, ensure_ascii=False),
            storable_text(chunk.text),
            digest,
            storable_text(chunk.context),
        )


def renamed_title(document: Document, path: str) -> str:
    """The title that a document has at another path: a new one where it was made from the name."""
    old, new = os.path.basename(document.path), os.path.basename(path)
    if document.title == storable_text(old):
        return storable_text(new)
    if document.title == storable_text(os.path.splitext(old)[0]):
        return storable_text(os.path.splitext(new)[0])
    return document.title
