"""The words of all chunks, one FTS5 table for each collection."""

from __future__ import annotations

from desktop.storage.database import Database

# bm25 weights of the columns: title, headings, text.
_WEIGHTS = "bm25(1.0, 1.0, 1.0)"


class KeywordIndex:
    """Adds, forgets and finds words.

    Each collection has a table of its own: how rare a word is then depends on the collection that
    is searched and not on what else a person keeps, and a search never wades through the matches
    of others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, collection_id: int) -> None:
        """Make the table. It holds words only: the text itself stands in `chunks`."""
        table = _table(collection_id)
        self._database.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5 (title, headings, text, content='', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        # Without it the words of a removed document stay in the file until a merge.
        self._database.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 1)")

    def drop(self, collection_id: int) -> None:
        self._database.execute(f"DROP TABLE IF EXISTS {_table(collection_id)}")

    def add(self, collection_id: int, document_id: int) -> None:
        """Index the words of a document's stored chunks."""
        table = _table(collection_id)
        self._database.execute(
            f"INSERT INTO {table} (rowid, title, headings, text) "
            "SELECT chunks.id, title, heading_path, text FROM chunks "
            "JOIN documents ON documents.id = document_id WHERE document_id = ?",
            (document_id,),
        )

    def forget(self, collection_id: int, document_id: int) -> None:
        """Take out the words of a document; its chunks and its title must still be as they were."""
        table = _table(collection_id)
        self._database.execute(
            f"INSERT INTO {table} ({table}, rowid, title, headings, text) "
            "SELECT 'delete', chunks.id, title, heading_path, text FROM chunks "
            "JOIN documents ON documents.id = document_id WHERE document_id = ?",
            (document_id,),
        )

    def search(self, collection_id: int, match: str, limit: int) -> list[tuple[int, float]]:
        """Return chunk ids with their BM25 score, best first; `match` is in FTS5's language."""
        table = _table(collection_id)
        found = self._database.execute(
            f"SELECT rowid, -rank FROM {table} WHERE {table} MATCH ? AND rank MATCH ? "
            "ORDER BY rank LIMIT ?",
            (match, _WEIGHTS, limit),
        )
        return [(int(chunk_id), float(score)) for chunk_id, score in found]


def _table(collection_id: int) -> str:
    # int() because the name goes into SQL as it is.
    return f"words_{int(collection_id)}"
