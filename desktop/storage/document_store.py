"""Documents: how each one stands, and the one transaction that makes it searchable."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.documents import Chunk, Document, DocumentContent
from desktop.storage.chunk_store import ChunkStore
from desktop.storage.collection_store import CollectionStore
from desktop.storage.database import Database
from desktop.storage.document_erasing import MOST_AT_ONCE
from desktop.storage.document_rows import FinishedDocument, StoredDocument, renamed_title
from desktop.storage.document_writing import words_of_chunks
from desktop.storage.folder_store import FolderStore
from desktop.storage.index_state import IndexState
from desktop.storage.keyword_index import ChunkWords, KeywordIndex, names_of
from desktop.storage.large_documents import LargeDocuments
from desktop.storage.packed_page import pack_page
from desktop.storage.self_search import SelfSearch
from desktop.storage.stored_text import storable_text, stored_path
from desktop.storage.unfinished_store import UnfinishedStore
from desktop.storage.vector_table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DocumentStore", "FinishedDocument", "StoredDocument"]


class DocumentStore(
    CollectionStore,
    LargeDocuments,
    ChunkStore,
    FolderStore,
    UnfinishedStore,
    SelfSearch,
    IndexState,
):
    """The one door to documents; what belongs to them comes from its parents.

    While a document is read anew, and when that fails, the version stored before stays searchable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)
        self._vectors = VectorTable(database)

    def save_ready(
        self,
        document_id: int,
        content: DocumentContent,
        sha256: str,
        size_bytes: int,
        modified_ns: int,
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        embedder: str,
    ) -> StoredDocument:
        """Store a document that is all in memory; `vectors` has one row for each chunk."""
        if vectors.ndim != 2 or len(vectors) != len(chunks):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(chunks)} chunks")
        finished = FinishedDocument(
            content=content,
            sha256=sha256,
            size_bytes=size_bytes,
            modified_ns=modified_ns,
            page_count=len(content.pages),
            pages=map(pack_page, content.pages),
            chunk_count=len(chunks),
            chunks=chunks,
            hashes=[None] * len(chunks),
            vectors=[vectors],
            embedder=embedder,
        )
        return self.save(document_id, finished)

    def save(self, document_id: int, finished: FinishedDocument) -> StoredDocument:
        """Store pages, chunks, words and vectors in place of what was there, as `saving` does."""
        steps = self.saving(document_id, finished)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                stored: StoredDocument = end.value
                return stored

    def saving(
        self, document_id: int, finished: FinishedDocument
    ) -> Generator[int, None, StoredDocument]:
        """Store a document, a large one in steps: yields how many of its chunks are stored.

        Given up between two steps, or killed, it leaves the earlier version as it was. Raises
        `UnknownDocument` when it was removed.
        """
        if finished.chunk_count > MOST_AT_ONCE:
            return (yield from self.saving_in_steps(document_id, finished))
        return self._save_at_once(document_id, finished)

    def _save_at_once(self, document_id: int, finished: FinishedDocument) -> StoredDocument:
        """One transaction; documents inside this one that are no longer in it go too."""
        finished, words = self._with_words(document_id, finished)
        with self._database.transaction():
            collection_id = self.document(document_id).collection_id
            # What is stored may be read from what is cleared, so it is cleared piece by piece.
            replaced = self._forget_chunks(collection_id, document_id)
            document = self._set_finished(document_id, finished)
            # Page by page, because after text recognition the new pages are made from the old ones.
            numbers = [self._put_page(document_id, page) for page in finished.pages]
            self._keep_pages(document_id, numbers)
            first = self._next_chunk_ids(finished.chunk_count)
            self._insert_chunks(document_id, first, finished.chunks, finished.hashes)
            self._words.add(collection_id, document_id, words)
            self._insert_vectors(collection_id, document_id, first, finished)
            self.drop_unfinished(document_id)
            gone, inner = self._match_inner(document, finished)
        ids = tuple(range(first, first + finished.chunk_count))
        return StoredDocument(document, ids, (*replaced, *gone), inner)

    def move_document(
        self, document_id: int, path: str, size_bytes: int, modified_ns: int
    ) -> Document:
        """Note that a file lies elsewhere now, with those inside it; nothing is read.

        Raises `UnknownDocument`.
        """
        with self._database.transaction():
            document = self.document(document_id)
            there = self.document_at(document.collection_id, path)
            if there is not None and there.id != document_id:
                self.remove_document(there.id)
            self._rename(document, path)
            self.mark_unchanged(document_id, size_bytes, modified_ns)
            return self.document(document_id)

    def add_words_again(self, document_ids: Sequence[int]) -> None:
        """Make the keyword index of these documents anew from their chunks."""
        for document_id in document_ids:
            with self._database.transaction():
                collection_id = self.document(document_id).collection_id
                self._forget_words(collection_id, document_id)
                self._words.add(collection_id, document_id)

    def _rename(self, document: Document, path: str) -> None:
        for inner in self.documents_inside(document.id):
            self._rename(inner, path + inner.path[len(document.path) :])
        title = renamed_title(document, path)
        if title == document.title:
            self._update(document.id, "path = ?", (stored_path(path),))
            return
        # The title is searched with every chunk: forgotten as it was, added as it is.
        self._forget_words(document.collection_id, document.id)
        self._update(document.id, "path = ?, title = ?", (stored_path(path), title))
        self._words.add(document.collection_id, document.id)

    def _with_words(
        self, document_id: int, finished: FinishedDocument
    ) -> tuple[FinishedDocument, list[ChunkWords]]:
        """Make the words before the transaction, which is the shorter for it."""
        chunks = list(finished.chunks)
        title = storable_text(finished.content.title)
        names = names_of(self.document(document_id).path, title)
        words = words_of_chunks(names, chunks, finished.content.facts.language)
        return replace(finished, chunks=chunks), words
