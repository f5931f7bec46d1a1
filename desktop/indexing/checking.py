"""Collections checked against what they must hold, and what is derived made anew."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from desktop.domain.cancel import CancelToken
from desktop.domain.checks import CollectionCheck, CollectionRepair
from desktop.domain.documents import Collection
from desktop.domain.retrieval import IndexBuilding
from desktop.indexing.embedded_text import embedded_text
from desktop.indexing.proof import not_found
from desktop.retrieval.cells_in_step import cells_problem
from desktop.retrieval.chroma_copy import ChromaCopy
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore

# So many documents, evenly over the collection, are searched for by their own words and vectors.
_PROBES = 32

Repairing = Generator[IndexBuilding, None, CollectionRepair]


def verify_collection(
    documents: DocumentStore, index: Index, collection: Collection, cancel: CancelToken
) -> CollectionCheck:
    """Read everything that belongs to a collection once; changes nothing. Raises `Cancelled`."""
    integrity = documents.integrity
    problems = [f"The database file: {line}" for line in integrity.file_problems()]
    cancel.raise_if_cancelled()
    figures = integrity.figures(collection.id)
    problems += [
        f"“{title}” has not as many passages as it should."
        for title in integrity.miscounted(collection.id)
    ]
    missing = len(integrity.without_vectors(collection.id))
    if missing:
        problems.append(f"{missing} documents have passages without a vector.")
    wordless = integrity.wordless(collection.id)
    if wordless:
        problems.append("The words of the passages are not all in the keyword index.")
    cancel.raise_if_cancelled()
    damage = _cells_damage(documents, collection.id)
    if damage:
        problems.append(f"The vector index is damaged: {damage}.")
    vectors = VectorIndex(documents, index.vectors)
    # Without words no file can find itself; that is said already.
    probes = [] if wordless else _probes(documents, collection.id)
    lost = not_found(probes, documents, vectors, cancel)
    if lost:
        problems.append(f"{len(lost)} documents do not find themselves.")
    problem, copied = ChromaCopy(documents, index.vectors).check(collection.id)
    problems += [problem] if problem else []
    return CollectionCheck(
        collection=collection.name,
        problems=tuple(problems),
        documents=figures.documents,
        chunks=figures.chunks,
        vectors=figures.vectors,
        indexed=vectors.reachable(collection.id),
        copied=copied,
    )


def repair_collection(
    documents: DocumentStore, index: Index, collection: Collection, cancel: CancelToken
) -> Repairing:
    """Make anew what is derived: missing vectors, words, cells, the copy in Chroma.

    Nothing is read again from files. Yields how far the vector index is. Raises `Cancelled`,
    `ModelError`, `WorkerError`, `StorageError`.
    """
    embedded = 0
    done: list[str] = []
    for document_id in documents.integrity.without_vectors(collection.id):
        cancel.raise_if_cancelled()
        embedded += _embed_again(documents, index, collection.id, document_id, cancel)
    if embedded:
        done.append(f"{embedded} passages embedded")
    documents.integrity.rebuild_words(collection.id)
    done.append("words indexed")
    started = time.perf_counter()
    yield from VectorIndex(documents, index.vectors).rebuilding(cancel, collection.id)
    seconds = time.perf_counter() - started
    done.append("vector index built")
    check = verify_collection(documents, index, collection, cancel)
    return CollectionRepair(
        collection.name, tuple(done), embedded, check.vectors / max(seconds, 1e-6), check
    )


def _embed_again(
    documents: DocumentStore,
    index: Index,
    collection_id: int,
    document_id: int,
    cancel: CancelToken,
) -> int:
    title = documents.document(document_id).title
    chunks = documents.chunks_of_document(document_id)
    if not chunks:
        return 0
    vectors = np.asarray(
        index.embed([embedded_text(title, chunk) for chunk in chunks], cancel), np.float32
    )
    table = documents.vector_table
    table.replace_document(collection_id, document_id, chunks[0].id, vectors, index.embedder)
    return len(chunks)


def _cells_damage(documents: DocumentStore, collection_id: int) -> str:
    named = documents.vector_sets.searched(collection_id)
    return cells_problem(documents, named) if named is not None and named.stamp else ""


def _probes(documents: DocumentStore, collection_id: int) -> list[int]:
    ready = [one.id for one in documents.documents(collection_id) if one.chunks]
    step = max(1, len(ready) // _PROBES)
    return ready[::step][:_PROBES]
