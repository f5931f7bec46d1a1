"""The words of all chunks, one FTS5 table for each collection."""

from __future__ import annotations

from desktop.storage.database import Database

# bm25 weights of the columns: title, headings, text. Every chunk of a document carries the title,
# so its words tell little about which chunk it is (docs/retrieval.md).
_WEIGHTS = "bm25(0.3, 0.3, 1.0)"

# About 20 ms of merging, so that another connection's one-row write does not wait.
_PAGES_A_STEP = 64


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
        """Take out the words of a document, by the chunks and title that are still stored.

        They are found no more; `erase_step` takes them out of the file.
        """
        table = _table(collection_id)
        self._database.execute(
            f"INSERT INTO {table} ({table}, rowid, title, headings, text) "
            "SELECT 'delete', chunks.id, title, heading_path, text FROM chunks "
            "JOIN documents ON documents.id = document_id WHERE document_id = ?",
            (document_id,),
        )

    def erase_step(self, collection_id: int, first: bool) -> bool:
        """Do a part of what makes forgotten words vanish from the file; True where more is left.

        FTS5 only notes that words are gone until it merges its parts into one. Its own
        "secure-delete" rewrites a page for each word: 6 ms a chunk, in one long transaction.
        """
        table = _table(collection_id)
        before = self._database.total_changes
        # A negative number gathers all parts for one merge, positive ones go on with it.
        pages = -_PAGES_A_STEP if first else _PAGES_A_STEP
        self._database.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))
        # FTS5 counts one change for the command itself, and more where it did something.
        return first or self._database.total_changes - before >= 2

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
