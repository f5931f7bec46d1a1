"""What was made from a document deleted in many small transactions, between which others write."""

from __future__ import annotations

import time
from collections.abc import Iterator

from desktop.storage.database import Database
from desktop.storage.keyword_index import KeywordIndex

# More chunks than this are stored and deleted step by step: so many in one go take most of a
# second, for which every other writer waits.
MOST_AT_ONCE = 4_000
# Some 50 ms, so that another connection's one-row write does not wait.
CHUNKS_A_STEP = 256
_PAGES_A_STEP = 64
_KEPT = ("unfinished_vectors", "unfinished_pages")


class DocumentErasing:
    """Deletes only what nobody sees any more.

    A document is out of sight when its row says that it has no chunks, or stands in a removed
    collection; so a kill between two steps leaves nothing half in an answer, and the next call
    goes on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)

    def hiding_place(self) -> int:
        """A removed collection of its own: what is moved there is out of every answer at once."""
        return self._database.insert(
            "INSERT INTO collections (name, created_at, removed) VALUES ('', ?, 1)", (time.time(),)
        )

    def chunks(self, document_id: int) -> Iterator[None]:
        """Delete the chunks of a document with their words and vectors, step by step."""
        collections = self._searched_in(document_id)
        while True:
            rows = self._database.execute(
                "SELECT id FROM chunks WHERE document_id = ? ORDER BY id LIMIT ?",
                (document_id, CHUNKS_A_STEP),
            )
            if not rows:
                return
            step = (rows[0][0], rows[-1][0])
            with self._database.transaction():
                for collection_id in collections:
                    self._words.forget_chunks(collection_id, *step)
                    self._database.execute(
                        "UPDATE collections SET unerased = unerased + 1 WHERE id = ?",
                        (collection_id,),
                    )
                for table, column in (("vector_runs", "first_chunk_id"), ("chunks", "id")):
                    self._database.execute(
                        f"DELETE FROM {table} WHERE document_id = ? AND {column} BETWEEN ? AND ?",
                        (document_id, *step),
                    )
            yield

    def document(self, document_id: int) -> Iterator[None]:
        """Delete a document that is out of sight, its row last."""
        yield from self.chunks(document_id)
        yield from self._rows("pages", "number", document_id, _PAGES_A_STEP)
        yield from self.unfinished(document_id)
        self._database.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def unfinished(self, document_id: int) -> Iterator[None]:
        """Delete the vectors and pages that were kept while a document was not finished."""
        yield from self._rows("unfinished_vectors", "ordinal", document_id, CHUNKS_A_STEP)
        yield from self._rows("unfinished_pages", "number", document_id, _PAGES_A_STEP)

    def leftovers(self) -> Iterator[None]:
        """Delete what a kill, or a full disk, left of documents that were being stored."""
        for (document_id,) in self._database.execute(
            "SELECT id FROM documents WHERE chunks = 0 "
            "AND EXISTS (SELECT 1 FROM chunks WHERE document_id = documents.id)"
        ):
            yield from self.chunks(document_id)
        for table in _KEPT:
            for (document_id,) in self._database.execute(
                # Each id by one look into the table's index: its rows are many.
                "WITH RECURSIVE kept (id) AS ("
                f"SELECT min(document_id) FROM {table} UNION ALL "
                f"SELECT (SELECT min(document_id) FROM {table} WHERE document_id > kept.id) "
                "FROM kept WHERE kept.id IS NOT NULL) "
                "SELECT kept.id FROM kept JOIN documents ON documents.id = kept.id "
                "WHERE status = 'ready' AND picture_pages = '[]'"
            ):
                yield from self.unfinished(document_id)

    def _searched_in(self, document_id: int) -> list[int]:
        """The collections whose keyword index may hold words of the document."""
        rows = self._database.execute(
            "SELECT id FROM collections WHERE removed = 0 AND (id IN "
            "(SELECT collection_id FROM vector_runs WHERE document_id = ?1) OR id = "
            "(SELECT collection_id FROM documents WHERE id = ?1))",
            (document_id,),
        )
        return [collection_id for (collection_id,) in rows]

    def _rows(self, table: str, column: str, document_id: int, count: int) -> Iterator[None]:
        while True:
            deleted = self._database.execute(
                f"DELETE FROM {table} WHERE document_id = ?1 AND {column} IN "
                f"(SELECT {column} FROM {table} WHERE document_id = ?1 LIMIT ?2) "
                f"RETURNING {column}",
                (document_id, count),
            )
            if not deleted:
                return
            yield
