"""Finished documents into the database and the vector index; at the end, proof that they are."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document
from desktop.indexing.proof import not_found
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore, FinishedDocument, StoredDocument

# Bounds the memory that handing over a long document's vectors takes.
_ADDED_TOGETHER = 2048


class Writer:
    """Stores one document in one transaction and lets the vector index follow."""

    def __init__(
        self, collection: Collection, documents: DocumentStore, index: Index, cancel: CancelToken
    ) -> None:
        self._collection = collection
        self._cancel = cancel
        self._documents = documents
        self._index = index
        self._vectors = VectorIndex(documents, index.vectors)
        self._changed = False
        self._stored: set[int] = set()

    @property
    def changed(self) -> bool:
        """Whether this run stored or removed anything."""
        return self._changed

    @property
    def needs_settling(self) -> bool:
        """Whether the index is behind, by this run's doing or an earlier one's."""
        return self._vectors.needs_settling

    def saving(
        self, document: Document, finished: FinishedDocument
    ) -> Generator[int, None, StoredDocument]:
        """Store it; yields now and then while a large one is. Raises `UnknownDocument` when it
        was removed."""
        self.begin()
        stored = yield from self._documents.saving(document.id, finished)
        for _ in self._following(stored):
            yield finished.chunk_count
        return stored

    def begin(self) -> None:
        """Before the database changes, not only before the index does: a kill between the two
        must leave the index in doubt."""
        self._changed = True
        self._vectors.begin_changes()

    def follow(self, stored: StoredDocument) -> None:
        """Bring the vector index after what was just stored."""
        for _ in self._following(stored):
            pass

    def _following(self, stored: StoredDocument) -> Iterator[None]:
        self.remove(stored.replaced_chunk_ids)
        for begin in range(0, len(stored.chunk_ids), _ADDED_TOGETHER):
            found = self._documents.vectors_of(stored.chunk_ids[begin : begin + _ADDED_TOGETHER])
            # None while the collection is still searched by another embedder's vectors: the
            # index follows when all of it was turned over to this one.
            if found:
                rows = np.stack(list(found.values()))
                self._vectors.add(
                    self._collection.id, np.array(list(found), np.int64), rows, self._cancel
                )
                self._stored.add(stored.document.id)
            if begin:
                yield

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Let the index forget chunks that are no longer in the database."""
        if chunk_ids:
            self._vectors.remove(self._collection.id, chunk_ids)

    def remove_document(self, document: Document) -> None:
        """Take a document, and those inside it, out of the database and the index."""
        self.begin()
        self.remove(self._documents.remove_document(document.id))
        self._stored.discard(document.id)

    def settle(self, cancel: CancelToken) -> Iterator[Document]:
        """Leave the index whole and checked, and nothing of what was replaced.

        Yields the documents that were stored and do not find themselves; the index was built
        anew for them, and they still do not. Raises `Cancelled`.
        """
        self._vectors.settle(cancel)
        self._documents.erase_removed(cancel)
        stored, self._stored = sorted(self._stored), set()
        lost = not_found(stored, self._documents, self._vectors, cancel)
        if lost:
            self._documents.add_words_again(lost)
            self._vectors.rebuild(cancel)
            for document_id in not_found(lost, self._documents, self._vectors, cancel):
                yield self._documents.document(document_id)
