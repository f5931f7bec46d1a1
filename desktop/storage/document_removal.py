"""Documents taken out, with those inside them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from desktop.domain.documents import Document
from desktop.domain.errors import UnknownDocument
from desktop.storage.database import Database
from desktop.storage.document_erasing import MOST_AT_ONCE, DocumentErasing
from desktop.storage.document_marks import DocumentMarks
from desktop.storage.keyword_index import KeywordIndex
from desktop.storage.stored_text import stored_path

# Few, so that another connection's one-row write does not wait.
_REMOVED_AT_ONCE = 8
_OF_DOCUMENT = ("vector_runs", "chunks", "pages", "unfinished_vectors", "unfinished_pages")


class DocumentRemoval(DocumentMarks):
    """Removes documents, and clears what was made from one that is stored anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)

    def remove_document(self, document_id: int) -> tuple[int, ...]:
        """Remove a document with those inside it and return the ids their chunks had.

        Raises `UnknownDocument`. `erase_removed` then takes its words out of the file too.
        """
        document = self.document(document_id)
        if document.chunks > MOST_AT_ONCE and not self._database.in_transaction:
            return self._remove_in_steps(document)
        with self._database.transaction():
            removed = self._clear(document)
            self._database.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        return removed

    def remove_documents(self, document_ids: Sequence[int]) -> None:
        """Remove many, a few in each transaction; those that are gone already are passed over."""
        known = self.documents_by_id(document_ids).values()
        large = [one.id for one in known if one.chunks > MOST_AT_ONCE]
        for document_id in large:
            with contextlib.suppress(UnknownDocument):
                self.remove_document(document_id)
        small = [one.id for one in known if one.id not in large]
        if len(small) > _REMOVED_AT_ONCE:
            # Many words go: one merge at the end costs less than to overwrite each of them.
            for collection_id in {one.collection_id for one in known}:
                self._note_unerased(collection_id)
        for begin in range(0, len(small), _REMOVED_AT_ONCE):
            with self._database.transaction():
                for document_id in small[begin : begin + _REMOVED_AT_ONCE]:
                    with contextlib.suppress(UnknownDocument):
                        self.remove_document(document_id)

    def _remove_in_steps(self, document: Document) -> tuple[int, ...]:
        erasing = DocumentErasing(self._database)
        removed: list[int] = []
        with self._database.transaction():
            for inner in self.documents_inside(document.id):
                removed += self._clear(inner)
                self._database.execute("DELETE FROM documents WHERE id = ?", (inner.id,))
            hidden = erasing.hiding_place()
            removed += self._hide(document, hidden)
        for _ in erasing.document(document.id):
            pass
        self._database.execute("DELETE FROM collections WHERE id = ?", (hidden,))
        return tuple(removed)

    def _hide(self, document: Document, hidden: int) -> tuple[int, ...]:
        """Take a document out of every answer by its row alone; return the ids of its chunks."""
        rows = self._database.execute(
            "SELECT id FROM chunks WHERE document_id = ? ORDER BY id", (document.id,)
        )
        self._words.forget_names(document.collection_id, document.id)
        self._note_unerased(document.collection_id)
        self._update(
            document.id,
            "collection_id = ?, path = ?, sha256 = ''",
            (hidden, stored_path(document.path)),
        )
        return tuple(row[0] for row in rows)

    def _clear(self, document: Document) -> tuple[int, ...]:
        """Delete all that was made from a document and from those inside it, but its row."""
        removed: list[int] = []
        for inner in self.documents_inside(document.id):
            removed += self._clear(inner)
            self._database.execute("DELETE FROM documents WHERE id = ?", (inner.id,))
        removed += self._forget_chunks(document.collection_id, document.id)
        for table in _OF_DOCUMENT:
            self._database.execute(f"DELETE FROM {table} WHERE document_id = ?", (document.id,))
        return tuple(removed)

    def _forget_chunks(self, collection_id: int, document_id: int) -> tuple[int, ...]:
        rows = self._database.execute(
            "SELECT id FROM chunks WHERE document_id = ? ORDER BY id", (document_id,)
        )
        if rows:
            # The words first: they are forgotten by the ids that still stand in `chunks`.
            self._forget_words(collection_id, document_id)
        for table in ("vector_runs", "chunks"):
            self._database.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
        return tuple(row[0] for row in rows)

    def _forget_words(self, collection_id: int, document_id: int) -> None:
        """Take a document out of the keyword index, and note whether a merge has to follow."""
        if self._words.forget(collection_id, document_id):
            self._note_unerased(collection_id)

    def _note_unerased(self, collection_id: int) -> None:
        self._database.execute(
            "UPDATE collections SET unerased = unerased + 1 WHERE id = ?", (collection_id,)
        )
