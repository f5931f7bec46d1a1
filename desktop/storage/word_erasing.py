"""Rows of an FTS5 table deleted so that their words leave the file with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from desktop.storage.database import Database

# FTS5 puts this before a term of the whole index, which has no prefix indexes.
_WHOLE = "0"
# Above every letter.
_LAST = "\U0010ffff"


class WordErasing:
    """Deletes few rows, and tells whether a merge of the whole table is needed all the same.

    FTS5's "secure-delete" takes a word out of its pages, at 1 to 25 ms a row. Where a word was the
    first one of a page, its beginning stays as the page's key: then only a merge helps.
    """

    def __init__(self, database: Database, table: str, columns: int) -> None:
        self._database = database
        self._table = table
        self._columns = [f"c{at}" for at in range(columns)]

    def delete(self, rows: Sequence[int]) -> bool:
        """True where something of the rows' words is still in the file."""
        with self._database.transaction():
            words = self._words(rows)
            self._set_erasing(1)
            self._database.execute(
                f"DELETE FROM {self._table} WHERE rowid IN (SELECT value FROM json_each(?))",
                (json.dumps(rows),),
            )
            self._set_erasing(0)
            return self._tells_of(words)

    def _words(self, rows: Sequence[int]) -> set[str]:
        found = self._database.execute(
            f"SELECT {', '.join(self._columns)} FROM {self._table}_content "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(rows),),
        )
        return {word for row in found for column in row for word in (column or "").split()}

    def _set_erasing(self, on: int) -> None:
        self._database.execute(
            f"INSERT INTO {self._table} ({self._table}, rank) VALUES ('secure-delete', ?)", (on,)
        )

    def _tells_of(self, words: Iterable[str]) -> bool:
        """Whether a page's key is the beginning of one of the words and of no word that is left."""
        index = f"{self._table}_idx"
        keys = self._database.execute(
            f"SELECT wanted.value, (SELECT max(term) FROM {index} WHERE segid = part.segid "
            "AND term <= CAST(? || wanted.value AS BLOB)) "
            f"FROM json_each(?) AS wanted, (SELECT DISTINCT segid FROM {index}) AS part",
            (_WHOLE, json.dumps(list(words))),
        )
        told = {
            key[1:].decode("utf-8", "ignore")
            for word, key in keys
            if key and len(key) > 1 and (_WHOLE + word).encode().startswith(key)
        }
        return any(
            not self._database.execute(
                f"SELECT 1 FROM {self._table}_vocabulary WHERE term >= ? AND term < ? LIMIT 1",
                (beginning, beginning + _LAST),
            )
            for beginning in told
        )
