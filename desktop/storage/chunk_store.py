"""What is searched and shown of documents: chunks, pages, words and vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.documents import Chunk, Line, Page
from desktop.domain.errors import DatabaseDamaged, UnknownCollection, UnknownDocument
from desktop.storage.database import Database, Row
from desktop.storage.integrity import Integrity
from desktop.storage.keyword_index import KeywordIndex
from desktop.storage.keyword_search import KeywordSearch
from desktop.storage.page_layout import unpack_layout, unpack_lines
from desktop.storage.token_table import RowRanges
from desktop.storage.vector_sets import VectorSets
from desktop.storage.vector_table import VectorTable
from desktop.storage.words.asked import WordsAsked

if TYPE_CHECKING:
    from desktop.storage.vector_table import ChunkIds, Vectors

_SELECT = """
    SELECT id, document_id, ordinal, page_number, span_start, span_end, text, heading_path, context
    FROM chunks
"""


class ChunkStore:
    """Reads only; `DocumentStore` writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)
        self._vectors = VectorTable(database)

    def chunks(self, chunk_ids: Iterable[int]) -> dict[int, Chunk]:
        """Return the chunks that are there, by id, in the order asked for."""
        wanted = [int(chunk_id) for chunk_id in chunk_ids]
        rows = self._database.execute(
            f"{_SELECT} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(wanted),)
        )
        found = {row[0]: _chunk(row) for row in rows}
        return {chunk_id: found[chunk_id] for chunk_id in wanted if chunk_id in found}

    def chunks_of_document(self, document_id: int) -> list[Chunk]:
        rows = self._database.execute(
            f"{_SELECT} WHERE document_id = ? ORDER BY ordinal", (document_id,)
        )
        return [_chunk(row) for row in rows]

    def page(self, document_id: int, number: int) -> Page:
        """Raises `UnknownDocument` where the document or its page is not there."""
        rows = self._database.execute(
            "SELECT text, layout, width, height, name FROM pages "
            "WHERE document_id = ? AND number = ?",
            (document_id, number),
        )
        if not rows:
            raise UnknownDocument(document_id)
        text, layout, width, height, name = rows[0]
        try:
            blocks, lines = unpack_layout(layout)
        except ValueError as error:
            raise DatabaseDamaged(str(self._database.path)) from error
        return Page(number, text, blocks, lines, width, height, name)

    def lines(self, document_id: int, number: int) -> tuple[Line, ...]:
        """Return the printed lines of a page, none where it is not there."""
        rows = self._database.execute(
            "SELECT layout FROM pages WHERE document_id = ? AND number = ?", (document_id, number)
        )
        try:
            return unpack_lines(rows[0][0]) if rows else ()
        except ValueError as error:
            raise DatabaseDamaged(str(self._database.path)) from error

    @property
    def vector_table(self) -> VectorTable:
        """The vectors themselves, for the indexes that are built from them."""
        return self._vectors

    @property
    def vector_sets(self) -> VectorSets:
        """What the cells of each collection hold."""
        return VectorSets(self._database)

    @property
    def integrity(self) -> Integrity:
        """Whether the database holds together."""
        return Integrity(self._database)

    @property
    def cells_folder(self) -> Path:
        """Where the folders of cells lie."""
        return self._database.path.parent / "index" / "cells"

    def chunk_ids(self, collection_id: int) -> list[int]:
        """Return the ids of all chunks that have a vector, ascending."""
        return self._vectors.chunk_ids(collection_id)

    def vectors(self, collection_id: int) -> tuple[ChunkIds, Vectors]:
        """Return chunk ids, ascending, and their vectors, of the embedder that is searched."""
        return self._vectors.load(collection_id)

    def vectors_of(self, chunk_ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the vectors of these chunks, by id; those without one are left out."""
        return self._vectors.some(chunk_ids)

    def embedder(self, collection_id: int) -> str:
        """Return the name of the embedder whose vectors are searched, "" where there are none."""
        return self._vectors.embedder(collection_id)

    def keyword_search(
        self,
        collection_id: int,
        asked: WordsAsked,
        limit: int,
        within: RowRanges | None = None,
    ) -> list[tuple[int, float]]:
        """Return chunk ids and BM25 scores, higher better, best first.

        `within` has ascending ranges of chunk ids that alone count. Raises `UnknownCollection`.
        """
        self.check_searched(collection_id)
        return self.word_search.chunks(collection_id, asked, limit, within)

    def owners_of(self, chunk_ids: Iterable[int]) -> dict[int, int]:
        """Return the document of each chunk that is there."""
        rows = self._database.execute(
            "SELECT id, document_id FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([int(chunk_id) for chunk_id in chunk_ids]),),
        )
        return dict(rows)

    def chunk_ranges(self, document_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return the first and the last chunk id of each of these documents, ascending."""
        rows = self._database.execute(
            "SELECT min(id), max(id) FROM chunks "
            "WHERE document_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY document_id ORDER BY 1",
            (json.dumps(sorted(document_ids)),),
        )
        return [(int(first), int(last)) for first, last in rows]

    @cached_property
    def word_search(self) -> KeywordSearch:
        """What else the words tell: which documents are named, which chunks hold a phrase."""
        return KeywordSearch(self._database)

    def check_searched(self, collection_id: int) -> None:
        """Raises `UnknownCollection` where there is none, or one that is being removed."""
        if not self._database.execute(
            "SELECT 1 FROM collections WHERE id = ? AND removed = 0", (collection_id,)
        ):
            raise UnknownCollection(str(collection_id))


def _chunk(row: Row) -> Chunk:
    return Chunk(
        id=row[0],
        document_id=row[1],
        ordinal=row[2],
        page_number=row[3],
        start=row[4],
        end=row[5],
        text=row[6],
        heading_path=tuple(json.loads(row[7])),
        context=row[8],
    )
