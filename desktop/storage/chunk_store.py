"""What is searched and shown of documents: chunks, pages, words and vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from desktop.domain.documents import Chunk, Page
from desktop.domain.errors import DatabaseDamaged, UnknownCollection, UnknownDocument
from desktop.storage.database import Database, Row
from desktop.storage.keyword_index import KeywordIndex
from desktop.storage.page_layout import unpack_layout
from desktop.storage.vector_table import VectorTable

if TYPE_CHECKING:
    from desktop.storage.vector_table import ChunkIds, Vectors

_SELECT = """
    SELECT id, document_id, ordinal, page_number, span_start, span_end, text, heading_path
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

    @property
    def vector_table(self) -> VectorTable:
        """The vectors themselves, for the indexes that are built from them."""
        return self._vectors

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

    def keyword_search(self, collection_id: int, match: str, limit: int) -> list[tuple[int, float]]:
        """Return chunk ids and BM25 scores, higher better, best first.

        `match` is an FTS5 expression over the columns title, headings and text.
        """
        if not self._database.execute(
            "SELECT 1 FROM collections WHERE id = ? AND removed = 0", (collection_id,)
        ):
            raise UnknownCollection(str(collection_id))
        return self._words.search(collection_id, match, limit)


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
    )
