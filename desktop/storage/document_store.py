"""Documents: how each one stands, and the one transaction that makes it searchable."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from desktop.domain.documents import (
    Chunk,
    Document,
    DocumentContent,
    DocumentStatus,
)
from desktop.storage.chunk_store import ChunkStore
from desktop.storage.collection_store import CollectionStore
from desktop.storage.database import Database
from desktop.storage.document_removal import DocumentRemoval
from desktop.storage.document_rows import (
    FinishedDocument,
    StoredDocument,
    chunk_rows,
    page_row,
    renamed_title,
)
from desktop.storage.folder_store import FolderStore
from desktop.storage.index_state import IndexState
from desktop.storage.keyword_index import ChunkWords, KeywordIndex, names_of, words_of
from desktop.storage.packed_page import pack_page
from desktop.storage.self_search import SelfSearch
from desktop.storage.stored_text import storable_text, stored_path
from desktop.storage.unfinished_store import UnfinishedStore
from desktop.storage.vector_table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DocumentStore", "FinishedDocument", "StoredDocument"]

# A document with so many chunks takes some 40 MB to hold with their words.
_WORDS_BEFORE = 20_000


class DocumentStore(
    CollectionStore,
    DocumentRemoval,
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
        """Store pages, chunks, words and vectors in one transaction, in place of what was there.

        Documents inside this one that are no longer in it go too. Raises `UnknownDocument` when
        it was removed.
        """
        finished, words = self._with_words(document_id, finished)
        with self._database.transaction():
            collection_id = self.document(document_id).collection_id
            # What is stored may be read from what is cleared, so it is cleared piece by piece.
            replaced = self._forget_chunks(collection_id, document_id)
            document = self._set_finished(document_id, finished)
            self._replace_pages(document_id, finished)
            first = self._insert_chunks(document_id, finished)
            self._words.add(collection_id, document_id, words)
            self._insert_vectors(document, first, finished)
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
                self._words.forget(collection_id, document_id)
                self._words.add(collection_id, document_id)

    def _rename(self, document: Document, path: str) -> None:
        for inner in self.documents_inside(document.id):
            self._rename(inner, path + inner.path[len(document.path) :])
        title = renamed_title(document, path)
        if title == document.title:
            self._update(document.id, "path = ?", (stored_path(path),))
            return
        # The title is searched with every chunk: forgotten as it was, added as it is.
        self._words.forget(document.collection_id, document.id)
        self._update(document.id, "path = ?, title = ?", (stored_path(path), title))
        self._words.add(document.collection_id, document.id)

    def _with_words(
        self, document_id: int, finished: FinishedDocument
    ) -> tuple[FinishedDocument, list[ChunkWords] | None]:
        """Make the words before the transaction, but for documents too long to hold twice."""
        if finished.chunk_count > _WORDS_BEFORE:
            return finished, None
        chunks = list(finished.chunks)
        title = storable_text(finished.content.title)
        names = names_of(self.document(document_id).path, title)
        language = finished.content.facts.language
        words = [
            words_of(
                names,
                [storable_text(heading) for heading in chunk.heading_path],
                storable_text(chunk.context),
                storable_text(chunk.text),
                language,
            )
            for chunk in chunks
        ]
        return replace(finished, chunks=chunks), words

    def _set_finished(self, document_id: int, finished: FinishedDocument) -> Document:
        content = finished.content
        return self._update(
            document_id,
            "status = ?, error = ?, error_detail = ?, sha256 = ?, size_bytes = ?, "
            "modified_ns = ?, title = ?, kind = ?, pages = ?, chunks = ?, unit = ?, "
            "warnings = ?, indexed_at = ?, facts = ?, inner_files = ?, picture_pages = ?, "
            "recognised_pages = ?",
            (
                finished.status,
                finished.error,
                storable_text(finished.error_detail),
                finished.sha256,
                finished.size_bytes,
                finished.modified_ns,
                storable_text(content.title),
                content.kind,
                finished.page_count,
                finished.chunk_count,
                content.unit,
                json.dumps(content.warnings),
                time.time(),
                json.dumps(asdict(content.facts)),
                len(content.inner_files),
                json.dumps(content.picture_pages),
                finished.recognised_pages,
            ),
        )

    def _replace_pages(self, document_id: int, finished: FinishedDocument) -> None:
        # Page by page, because after text recognition the new pages are made from the old ones.
        numbers = []
        for page in finished.pages:
            self._database.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
                page_row(document_id, page),
            )
            numbers.append(page.number)
        self._database.execute(
            "DELETE FROM pages WHERE document_id = ? AND number NOT IN "
            "(SELECT value FROM json_each(?))",
            (document_id, json.dumps(numbers)),
        )

    def _insert_chunks(self, document_id: int, finished: FinishedDocument) -> int:
        """Insert with ids that follow each other, which vectors are stored by; return the first."""
        last = self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        first = int(last[0][0]) + 1 if last else 1
        self._database.execute_many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            chunk_rows(first, document_id, finished.chunks, finished.hashes),
        )
        return first

    def _insert_vectors(self, document: Document, first: int, finished: FinishedDocument) -> None:
        done = 0
        for part in finished.vectors:
            self._vectors.add(
                document.collection_id, document.id, first + done, part, finished.embedder
            )
            done += len(part)
        if done != finished.chunk_count:
            raise ValueError(f"{done} vectors for {finished.chunk_count} chunks")

    def _match_inner(
        self, parent: Document, finished: FinishedDocument
    ) -> tuple[list[int], tuple[Document, ...]]:
        """Bring the rows of the documents inside another one in line with what lies in it now."""
        removed: list[int] = []
        if finished.inner_as_before:
            return removed, ()
        paths = {f"{parent.path}/{one.name}": one for one in finished.content.inner_files}
        for known in self.documents_inside(parent.id):
            if known.path not in paths:
                removed += self._clear(known)
                self._database.execute("DELETE FROM documents WHERE id = ?", (known.id,))
        waiting = []
        for path, inner in paths.items():
            row = self.mark_reading(
                parent.collection_id, path, inner.size_bytes, parent.modified_ns, parent.id
            )
            waiting.append(self.mark_failed(row.id, DocumentStatus.WAITING, "", ""))
        return removed, tuple(waiting)
