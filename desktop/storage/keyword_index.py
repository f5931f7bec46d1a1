"""The words of all chunks and the names of all documents, two FTS5 tables for each collection."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache

from desktop.storage.database import Database
from desktop.storage.stored_text import path_of
from desktop.storage.word_erasing import WordErasing
from desktop.storage.words.tokens import ANALYSIS, further_forms, tokens_of

# Tokens are made by `words`, parted by spaces; these marks are part of numbers, dates and shares.
_TOKENIZE = "tokenize=\"ascii tokenchars '.-%@'\""
# About 20 ms of merging, so that another connection's one-row write does not wait.
_PAGES_A_STEP = 64
# So many chunks' words are overwritten as they are deleted: most of a second in a large table.
_ERASED_AT_ONCE = 32
# A merge takes 0.01 ms for each row of the table, overwriting the words of one up to 25 ms.
_MERGED_AS_SOON = 2_000
_CHUNK_COLUMNS, _NAME_COLUMNS = 3, 2
# What a document says of itself first: its title page, the parties, the period.
_OPENING_CHARACTERS = 2500
_OPENING_CHUNKS = 24

# The columns of a row: what stands above, the text, its further forms.
ChunkWords = tuple[str, str, str]


class KeywordIndex:
    """Adds and forgets words; `KeywordSearch` finds them.

    Each collection has tables of its own: how rare a word is then depends on the collection that
    is searched and not on what else a person keeps, and a search never wades through the matches
    of others. The tables hold tokens and can be made anew from the chunks at any time, which
    happens by itself when the tokens are made in another way than before.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, collection_id: int) -> None:
        """Make the tables of a collection."""
        self._database.execute(
            f"CREATE VIRTUAL TABLE {words_table(collection_id)} "
            f"USING fts5 (front, text, forms, {_TOKENIZE})"
        )
        self._database.execute(
            f"CREATE VIRTUAL TABLE {names_table(collection_id)} "
            f"USING fts5 (names, opening, {_TOKENIZE})"
        )
        for table in (words_table(collection_id), names_table(collection_id)):
            self._database.execute(
                f"CREATE VIRTUAL TABLE {table}_vocabulary USING fts5vocab ('{table}', 'row')"
            )
        self._database.execute(
            "UPDATE collections SET analysis = ?, languages = '[]' WHERE id = ?",
            (ANALYSIS, collection_id),
        )

    def drop(self, collection_id: int) -> None:
        for table in (words_table(collection_id), names_table(collection_id)):
            self._database.execute(f"DROP TABLE IF EXISTS {table}_vocabulary")
            self._database.execute(f"DROP TABLE IF EXISTS {table}")

    def add(
        self, collection_id: int, document_id: int, prepared: Sequence[ChunkWords] | None = None
    ) -> None:
        """Index the words of a document's stored chunks, and what it is called by.

        `prepared` has them by `words_of`, for each chunk in order, where they were made before:
        that takes longer than storing them, and others wait for the transaction.
        """
        if self.ensure_current(collection_id):
            # Tables made anew hold this document too, whose chunks are stored already.
            self.forget(collection_id, document_id)
        self._add(collection_id, document_id, prepared)

    def forget(self, collection_id: int, document_id: int) -> bool:
        """Take out the words of a document; they are found no more.

        True where they are still in the file, until `erase_step` takes them out. Of a small
        document they are taken out at once, unless a merge is due anyway or costs less: merging
        a large index for one changed file takes minutes.
        """
        self.ensure_current(collection_id)
        table = words_table(collection_id)
        told = self.forget_names(collection_id, document_id)
        rows = self._database.execute("SELECT id FROM chunks WHERE document_id = ?", (document_id,))
        if not told and self._costs_less(collection_id, len(rows)):
            erasing = WordErasing(self._database, table, _CHUNK_COLUMNS)
            return erasing.delete([chunk_id for (chunk_id,) in rows])
        self._database.execute(
            f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM chunks WHERE document_id = ?)",
            (document_id,),
        )
        return True

    def add_chunks(
        self, collection_id: int, first_chunk_id: int, prepared: Sequence[ChunkWords]
    ) -> None:
        """Index the words of some chunks whose ids follow each other; the names come later."""
        self.ensure_current(collection_id)
        rows = ((first_chunk_id + at, *words) for at, words in enumerate(prepared))
        self._insert(collection_id, rows)

    def add_names(self, collection_id: int, document_id: int) -> None:
        """Index what a document is called by, and how it opens."""
        self.ensure_current(collection_id)
        names, language = self._named(document_id)
        opening = self._opening(document_id)
        self._database.execute(
            f"INSERT OR REPLACE INTO {names_table(collection_id)} (rowid, names, opening) "
            "VALUES (?, ?, ?)",
            (document_id, _all_tokens(names, language), _all_tokens(opening, language)),
        )
        self._note_language(collection_id, language)

    def forget_chunks(self, collection_id: int, first: int, last: int) -> None:
        """Take out the words of the chunks with these ids."""
        self.ensure_current(collection_id)
        self._database.execute(
            f"DELETE FROM {words_table(collection_id)} WHERE rowid BETWEEN ? AND ?", (first, last)
        )

    def forget_names(self, collection_id: int, document_id: int) -> bool:
        """Take out what a document is called by; True as `forget` does."""
        self.ensure_current(collection_id)
        erasing = WordErasing(self._database, names_table(collection_id), _NAME_COLUMNS)
        return erasing.delete([document_id])

    def erase_step(self, collection_id: int, first: bool) -> bool:
        """Do a part of what makes forgotten words vanish from the file; True where more is left.

        FTS5 only notes that words are gone until it merges its parts into one. Its own
        "secure-delete" rewrites a page for each word, 1 to 25 ms a chunk, in one transaction: that
        is how `forget` takes out few.
        """
        if self._analysis(collection_id) != ANALYSIS:
            # Made anew when next needed, and whole tables leave nothing behind.
            return False
        if first:
            self._begin_part(collection_id)
        before = self._database.total_changes
        # A negative number gathers all parts for one merge, positive ones go on with it.
        pages = -_PAGES_A_STEP if first else _PAGES_A_STEP
        tables = (words_table(collection_id), names_table(collection_id))
        for table in tables:
            self._database.execute(
                f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,)
            )
        # FTS5 counts one change for the command itself, and more where it did something.
        return first or self._database.total_changes - before > len(tables)

    def _begin_part(self, collection_id: int) -> None:
        """Add a part that holds nothing: FTS5 does not write a single one anew, whatever its keys
        tell of."""
        tables = ((words_table(collection_id), "text"), (names_table(collection_id), "names"))
        for table, column in tables:
            with self._database.transaction():
                self._database.execute(f"INSERT INTO {table} (rowid, {column}) VALUES (-1, 'a')")
                self._database.execute(f"DELETE FROM {table} WHERE rowid = -1")

    def ensure_current(self, collection_id: int) -> bool:
        """Make the tables anew where they hold tokens of another kind than today's: True then."""
        if self._analysis(collection_id) == ANALYSIS:
            return False
        with self._database.transaction():
            self.drop(collection_id)
            self.create(collection_id)
            for (document_id,) in self._database.execute(
                "SELECT id FROM documents WHERE collection_id = ? AND chunks > 0 ORDER BY id",
                (collection_id,),
            ):
                self._add(collection_id, document_id)
        return True

    def languages(self, collection_id: int) -> tuple[str, ...]:
        """The languages that words of the collection were stemmed by."""
        rows = self._database.execute(
            "SELECT languages FROM collections WHERE id = ?", (collection_id,)
        )
        return tuple(json.loads(rows[0][0])) if rows else ()

    def _costs_less(self, collection_id: int, chunks: int) -> bool:
        """Whether to overwrite the words of so many chunks now, and not by a merge of all."""
        [(unerased,)] = self._database.execute(
            "SELECT unerased FROM collections WHERE id = ?", (collection_id,)
        )
        if unerased or chunks > _ERASED_AT_ONCE:
            return False
        [(rows,)] = self._database.execute(
            f"SELECT count(*) FROM {words_table(collection_id)}_docsize"
        )
        return int(rows) >= _MERGED_AS_SOON * chunks

    def _analysis(self, collection_id: int) -> int:
        rows = self._database.execute(
            "SELECT analysis FROM collections WHERE id = ?", (collection_id,)
        )
        return int(rows[0][0]) if rows else ANALYSIS

    def _add(
        self, collection_id: int, document_id: int, prepared: Sequence[ChunkWords] | None = None
    ) -> None:
        names, language = self._named(document_id)
        rows: Iterator[tuple[object, ...]]
        if prepared is None:
            rows = self._chunk_rows(document_id, names, language)
        else:
            ids = self._database.execute(
                "SELECT id FROM chunks WHERE document_id = ? ORDER BY ordinal", (document_id,)
            )
            rows = ((row[0], *words) for row, words in zip(ids, prepared, strict=True))
        self._insert(collection_id, rows)
        self.add_names(collection_id, document_id)

    def _insert(self, collection_id: int, rows: Iterator[tuple[object, ...]]) -> None:
        self._database.execute_many(
            f"INSERT INTO {words_table(collection_id)} (rowid, front, text, forms) "
            "VALUES (?, ?, ?, ?)",
            rows,
        )

    def _named(self, document_id: int) -> tuple[str, str]:
        """What a document is called by, and its language."""
        [(path, title, facts)] = self._database.execute(
            "SELECT path, title, facts FROM documents WHERE id = ?", (document_id,)
        )
        return names_of(path_of(path), title), str(json.loads(facts).get("language", ""))

    def _chunk_rows(
        self, document_id: int, names: str, language: str
    ) -> Iterator[tuple[object, ...]]:
        # Read whole before the first row is written: both are the same connection.
        for chunk_id, headings, context, text in self._database.execute(
            "SELECT id, heading_path, context, text FROM chunks WHERE document_id = ?",
            (document_id,),
        ):
            yield (chunk_id, *words_of(names, json.loads(headings), context, text, language))

    def _opening(self, document_id: int) -> str:
        rows = self._database.execute(
            "SELECT text FROM chunks WHERE document_id = ? ORDER BY ordinal LIMIT ?",
            (document_id, _OPENING_CHUNKS),
        )
        return " ".join(text for (text,) in rows)[:_OPENING_CHARACTERS]

    def _note_language(self, collection_id: int, language: str) -> None:
        known = self.languages(collection_id)
        if language not in known:
            self._database.execute(
                "UPDATE collections SET languages = ? WHERE id = ?",
                (json.dumps([*known, language]), collection_id),
            )


def words_of(
    names: str, headings: Sequence[str], context: str, text: str, language: str
) -> ChunkWords:
    """The tokens of a chunk: of what stands above it, of its text, and their further forms."""
    return (
        _above(f"{names} {' '.join(headings)} {context}", language),
        " ".join(tokens_of(text, language)),
        " ".join(further_forms(text, language)),
    )


def words_table(collection_id: int) -> str:
    # int() because the name goes into SQL as it is.
    return f"words_{int(collection_id)}"


def names_table(collection_id: int) -> str:
    return f"names_{int(collection_id)}"


def names_of(path: str, title: str) -> str:
    """What people call a document by: its title, and its file's name without its ending."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return title if stem == title or stem in title else f"{stem} {title}"


@lru_cache(maxsize=256)
def _above(text: str, language: str) -> str:
    # Neighbours mostly stand below the same headings.
    return _all_tokens(text, language)


def _all_tokens(text: str, language: str) -> str:
    return " ".join([*tokens_of(text, language), *further_forms(text, language)])
