"""Whether the database holds together: the file itself, and each collection's own figures."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.storage.database import Database
from desktop.storage.keyword_index import KeywordIndex, words_table


@dataclass(frozen=True, slots=True)
class Figures:
    """What a collection holds, counted row by row."""

    documents: int
    chunks: int
    vectors: int
    words: int


class Integrity:
    """Counts and compares; only `rebuild_words` changes anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def file_problems(self) -> list[str]:
        """Read the whole database and name what is wrong with it."""
        return self._database.problems()

    def figures(self, collection_id: int) -> Figures:
        """Count documents, chunks, vectors of the searched embedder, and indexed texts."""
        [(documents, chunks)] = self._database.execute(
            "SELECT count(DISTINCT documents.id), count(chunks.id) FROM documents "
            "LEFT JOIN chunks ON document_id = documents.id WHERE collection_id = ?",
            (collection_id,),
        )
        [(vectors,)] = self._database.execute(
            "SELECT coalesce(sum(length), 0) FROM vector_sets JOIN vector_runs "
            "USING (collection_id, embedder) WHERE collection_id = ? AND searched",
            (collection_id,),
        )
        return Figures(documents, chunks, vectors, self._words(collection_id))

    def miscounted(self, collection_id: int) -> list[str]:
        """Return the titles of documents whose chunks are not as many as they should be."""
        rows = self._database.execute(
            "SELECT title FROM documents WHERE collection_id = ? AND chunks <> "
            "(SELECT count(*) FROM chunks WHERE document_id = documents.id)",
            (collection_id,),
        )
        return [str(row[0]) for row in rows]

    def without_vectors(self, collection_id: int) -> list[int]:
        """Return the documents of which a chunk has no vector of the searched embedder."""
        rows = self._database.execute(
            "SELECT documents.id FROM documents WHERE collection_id = ?1 AND "
            "(SELECT count(*) FROM chunks WHERE document_id = documents.id) <> "
            "(SELECT coalesce(sum(length), 0) FROM vector_runs "
            "WHERE document_id = documents.id AND embedder = "
            "(SELECT embedder FROM vector_sets WHERE collection_id = ?1 AND searched))",
            (collection_id,),
        )
        return [int(row[0]) for row in rows]

    def wordless(self, collection_id: int) -> bool:
        """Tell whether the keyword index is another than the chunks are."""
        figures = self.figures(collection_id)
        if figures.words != figures.chunks or not figures.chunks:
            return figures.words != figures.chunks
        [(missing,)] = self._database.execute(
            "SELECT count(*) FROM chunks JOIN documents ON documents.id = document_id "
            "WHERE collection_id = ? AND chunks.id NOT IN "
            f"(SELECT rowid FROM {words_table(collection_id)})",
            (collection_id,),
        )
        return bool(missing)

    def rebuild_words(self, collection_id: int) -> None:
        """Make a collection's keyword index anew from its chunks."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE collections SET analysis = -1 WHERE id = ?", (collection_id,)
            )
            KeywordIndex(self._database).ensure_current(collection_id)

    def _words(self, collection_id: int) -> int:
        table = words_table(collection_id)
        if not self._database.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)):
            return 0
        [(count,)] = self._database.execute(f"SELECT count(*) FROM {table}")
        return int(count)
