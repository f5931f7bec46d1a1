"""Files whose content is stored already: moved or copied, and never read again for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.domain.documents import (
    Chunk,
    Document,
    DocumentContent,
    DocumentStatus,
    InnerFile,
)
from desktop.indexing.drafts import FileTask
from desktop.storage.document_store import DocumentStore, FinishedDocument, StoredDocument

_PART = 256


def moved_from(twins: Sequence[Document], collection_id: int) -> Document | None:
    """The document of this collection whose file is not where it was; None where all are there."""
    for twin in twins:
        if twin.collection_id == collection_id and not os.path.lexists(twin.path):
            return twin
    return None


def copied_from(
    twins: Sequence[Document], documents: DocumentStore, embedder: str
) -> Document | None:
    """A document whose chunks and vectors can serve another one as they are."""
    for twin in twins:
        # Only the embedder that is in use: its vectors are compared with each other.
        if documents.embedder(twin.collection_id) in (embedder, "") and _is_whole(twin, documents):
            return twin
    return None


def copy(
    twin: Document, document: Document, task: FileTask, documents: DocumentStore, embedder: str
) -> Iterator[StoredDocument]:
    """Store `document` with all that is stored of `twin`, and those inside it.

    Yields what was stored; nothing is read and nothing embedded. Raises `UnknownDocument`.
    """
    inner = documents.documents_inside(twin.id)
    stored = documents.save(document.id, _finished(twin, task, inner, documents, embedder))
    yield stored
    for own, other in zip(stored.inner, inner, strict=True):
        yield from copy(other, own, _inner_task(task, other, own), documents, embedder)


def _inner_task(task: FileTask, other: Document, own: Document) -> FileTask:
    return FileTask(
        task.path, own.path, other.size_bytes, task.modified_ns, known=own, sha256=other.sha256
    )


def _is_whole(twin: Document, documents: DocumentStore) -> bool:
    inner = documents.documents_inside(twin.id)
    ready = all(one.status is DocumentStatus.READY and not one.inner_files for one in inner)
    return ready and len(inner) == twin.inner_files


def _finished(
    twin: Document,
    task: FileTask,
    inner: Sequence[Document],
    documents: DocumentStore,
    embedder: str,
) -> FinishedDocument:
    chunks = documents.chunks_of_document(twin.id)
    assert twin.kind is not None, "a finished document has a kind"
    content = DocumentContent(
        twin.kind,
        twin.title,
        (),
        twin.unit,
        documents.warnings(twin.id),
        twin.facts,
        tuple(InnerFile(one.path[len(twin.path) + 1 :], one.size_bytes) for one in inner),
        documents.picture_pages(twin.id),
    )
    return FinishedDocument(
        content=content,
        sha256=task.sha256,
        size_bytes=task.size_bytes,
        modified_ns=task.modified_ns,
        page_count=twin.pages,
        pages=documents.packed_pages(twin.id),
        chunk_count=len(chunks),
        chunks=chunks,
        hashes=documents.text_hashes(twin.id),
        vectors=_vectors(chunks, documents),
        embedder=embedder,
        recognised_pages=twin.recognised_pages,
    )


def _vectors(chunks: Sequence[Chunk], documents: DocumentStore) -> Iterator[NDArray[np.float32]]:
    for begin in range(0, len(chunks), _PART):
        ids = [chunk.id for chunk in chunks[begin : begin + _PART]]
        found = documents.vectors_of(ids)
        yield np.stack([found[one] for one in ids])
