"""A collection's vectors made anew with another embedder, beside those that are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection
from desktop.domain.models import EmbeddingProgress
from desktop.indexing.embedded_text import embedded_text
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore

# So many chunks are embedded and stored at a time: what a kill costs, and how often it is told.
_SLICE = 64


def embed_anew(
    collection: Collection, documents: DocumentStore, index: Index, cancel: CancelToken
) -> Iterator[EmbeddingProgress]:
    """Make the vectors of the embedder in use, then search with them and drop the others.

    Until the last one is there, the old vectors are searched with their own embedder; after a stop
    or a kill the next call goes on where this one ended. Nothing is read again. Raises
    `ModelError`, `WorkerError`, `StorageError`, `Cancelled`.
    """
    index.embed(["warm"], cancel)
    table, embedder = documents.vector_table, index.embedder
    others = [one for one in table.embedders(collection.id) if one != embedder]
    if not others:
        return
    missing = _missing(collection.id, documents, others, embedder)
    done = len(table.chunk_ids(collection.id, embedder))
    total = done + sum(len(ids) for _, ids in missing)
    yield EmbeddingProgress(collection.name, done, total)
    for document_id, ids in missing:
        for part in _slices(ids):
            cancel.raise_if_cancelled()
            _embed_part(collection.id, document_id, part, documents, index, cancel)
            done += len(part)
            yield EmbeddingProgress(collection.name, done, total)
    _turn_to(collection.id, embedder, others, documents, index, cancel)


def even_out(
    collection: Collection, documents: DocumentStore, index: Index, cancel: CancelToken
) -> Iterator[EmbeddingProgress]:
    """`embed_anew` where a run has stored vectors of another embedder than the searched one.

    Without it, what was read since the choice changed would be found by its words alone.
    """
    if len(documents.vector_table.embedders(collection.id)) > 1:
        yield from embed_anew(collection, documents, index, cancel)


def _missing(
    collection_id: int, documents: DocumentStore, others: Sequence[str], embedder: str
) -> list[tuple[int, list[int]]]:
    """Each document with its chunks that other embedders have seen and this one has not."""
    table = documents.vector_table
    wanted: set[int] = set()
    for other in others:
        wanted.update(table.chunk_ids(collection_id, other))
    wanted.difference_update(table.chunk_ids(collection_id, embedder))
    by_document: dict[int, list[int]] = {}
    ordered = sorted(wanted)
    owners = documents.owners_of(ordered)
    for chunk_id in ordered:
        if chunk_id in owners:
            by_document.setdefault(owners[chunk_id], []).append(chunk_id)
    return list(by_document.items())


def _slices(ids: Sequence[int]) -> Iterator[list[int]]:
    """Runs of neighbouring ids, which share a row of the database."""
    part: list[int] = []
    for one in ids:
        if part and (one != part[-1] + 1 or len(part) == _SLICE):
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _embed_part(
    collection_id: int,
    document_id: int,
    ids: Sequence[int],
    documents: DocumentStore,
    index: Index,
    cancel: CancelToken,
) -> None:
    title = documents.document(document_id).title
    chunks = documents.chunks(ids)
    texts = [embedded_text(title, chunks[one]) for one in ids]
    vectors = np.asarray(index.embed(texts, cancel), np.float32)
    documents.vector_table.add(collection_id, document_id, ids[0], vectors, index.embedder)


def _turn_to(
    collection_id: int,
    embedder: str,
    others: Sequence[str],
    documents: DocumentStore,
    index: Index,
    cancel: CancelToken,
) -> None:
    # In doubt before the change: a kill between the two must not leave an index of old vectors.
    documents.begin_index_writes()
    documents.vector_table.search_with(collection_id, embedder)
    for other in others:
        documents.vector_table.drop(collection_id, other)
    vectors = VectorIndex(documents, index.vectors)
    vectors.erase()
    vectors.settle(cancel)
