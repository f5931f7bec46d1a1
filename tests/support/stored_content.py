"""Small documents with pages, chunks and vectors, as indexing would hand them to storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.domain.documents import (
    Block,
    BlockKind,
    Box,
    Chunk,
    Document,
    DocumentContent,
    DocumentKind,
    Line,
    Page,
    PageUnit,
)
from desktop.storage.document_store import DocumentStore, StoredDocument

EMBEDDER = "test-embedder"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `save_ready` takes."""

    content: DocumentContent
    chunks: tuple[Chunk, ...]
    vectors: NDArray[np.float32]


def prepare(
    passages: Sequence[str],
    title: str = "Lease",
    headings: tuple[str, ...] = ("Terms",),
    dimensions: int = 8,
) -> Prepared:
    """Return a document with one page, block, line and chunk for each passage."""
    pages = tuple(
        Page(
            number,
            text,
            (Block(BlockKind.PARAGRAPH, 0, len(text), headings, Box(72.0, 72.0, 500.25, 90.0)),),
            (Line(0, len(text), Box(72.0, 72.125, 500.25, 84.0)),),
            595.0,
            842.0,
        )
        for number, text in enumerate(passages, 1)
    )
    chunks = tuple(
        Chunk(0, 0, ordinal, ordinal + 1, 0, len(text), text, headings)
        for ordinal, text in enumerate(passages)
    )
    vectors = np.random.default_rng(len(passages)).standard_normal((len(passages), dimensions))
    content = DocumentContent(DocumentKind.PDF, title, pages, PageUnit.PAGE, ("a warning",))
    return Prepared(content, chunks, vectors.astype(np.float32))


def store(
    documents: DocumentStore, collection_id: int, path: str, prepared: Prepared
) -> StoredDocument:
    """Store a prepared document at `path`, as a new one or in place of the one there."""
    reading = documents.mark_reading(collection_id, path, 100, 200)
    return finish(documents, reading, prepared)


def finish(documents: DocumentStore, reading: Document, prepared: Prepared) -> StoredDocument:
    """Store a prepared document that is marked as being read."""
    return documents.save_ready(
        reading.id,
        prepared.content,
        "ab" * 32,
        reading.size_bytes,
        reading.modified_ns,
        prepared.chunks,
        prepared.vectors,
        EMBEDDER,
    )
