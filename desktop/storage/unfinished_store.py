"""Vectors and recognised pages of documents that are not finished; known texts' vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from desktop.storage.database import Database
from desktop.storage.packed_page import PackedPage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_FLOAT32 = "<f4"
_PART = 256

# The newest chunk of each text: an older one may have the vector of another embedder only.
_OF_CHUNKS = """
    SELECT chunks.text_hash, substr(vectors,
        1 + (chunks.id - first_chunk_id) * 4 * dimensions, 4 * dimensions)
    FROM json_each(?) AS wanted
    JOIN chunks ON chunks.id = (
        SELECT max(same.id) FROM chunks AS same WHERE same.text_hash = unhex(wanted.value))
    JOIN vector_runs ON first_chunk_id = (
        SELECT max(first_chunk_id) FROM vector_runs WHERE first_chunk_id <= chunks.id)
    WHERE embedder = ? AND chunks.id < first_chunk_id + length
"""
_OF_UNFINISHED = """
    SELECT text_hash, vector FROM json_each(?) AS wanted
    JOIN unfinished_vectors ON text_hash = unhex(wanted.value) WHERE embedder = ?
"""


class UnfinishedStore:
    """Keeps what must not be computed again after a stop or a kill."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vectors_of_texts(self, hashes: Sequence[bytes], embedder: str) -> dict[bytes, Vector]:
        """Return the vectors that this embedder made of texts with these hashes, where stored."""
        # numpy is imported where it computes: the window does not wait for it.
        import numpy as np

        wanted = json.dumps([one.hex() for one in hashes])
        found: dict[bytes, Vector] = {}
        for sql in (_OF_CHUNKS, _OF_UNFINISHED):
            for digest, blob in self._database.execute(sql, (wanted, embedder)):
                found[digest] = np.frombuffer(blob, _FLOAT32)
        return found

    def keep_vectors(
        self,
        document_id: int,
        first_ordinal: int,
        hashes: Sequence[bytes],
        vectors: Sequence[Vector],
        embedder: str,
    ) -> None:
        """Keep the vectors of some neighbouring chunks of a document that is not finished."""
        with self._database.transaction():
            self._database.execute_many(
                "INSERT OR REPLACE INTO unfinished_vectors VALUES (?, ?, ?, ?, ?)",
                (
                    (document_id, ordinal, digest, embedder, vector.astype(_FLOAT32).tobytes())
                    for ordinal, (digest, vector) in enumerate(
                        zip(hashes, vectors, strict=True), first_ordinal
                    )
                ),
            )

    def kept_vectors(
        self, document_id: int, upto: int
    ) -> Iterator[tuple[list[bytes], NDArray[np.float32]]]:
        """Yield the hashes and vectors kept of a document's first `upto` chunks, part by part."""
        import numpy as np

        for first in range(0, upto, _PART):
            rows = self._database.execute(
                "SELECT text_hash, vector FROM unfinished_vectors "
                "WHERE document_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal",
                (document_id, first, min(first + _PART, upto)),
            )
            yield (
                [digest for digest, _ in rows],
                np.stack([np.frombuffer(blob, _FLOAT32) for _, blob in rows]),
            )

    def keep_page(self, document_id: int, page: PackedPage) -> None:
        """Keep a page whose text was recognised."""
        self._database.execute(
            "INSERT OR REPLACE INTO unfinished_pages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                document_id,
                page.number,
                page.plain_text(),
                page.layout,
                page.width,
                page.height,
                page.name,
            ),
        )

    def kept_pages(self, document_id: int) -> list[int]:
        """Return the numbers of the pages that were recognised and wait for the others."""
        rows = self._database.execute(
            "SELECT number FROM unfinished_pages WHERE document_id = ? ORDER BY number",
            (document_id,),
        )
        return [number for (number,) in rows]

    def packed_pages(self, document_id: int) -> Iterator[PackedPage]:
        """Yield a document's pages in order, those recognised since in place of the others."""
        numbers = self._database.execute(
            "SELECT number FROM pages WHERE document_id = ? ORDER BY number", (document_id,)
        )
        for (number,) in numbers:
            [row] = self._database.execute(
                "SELECT number, text, layout, width, height, name FROM unfinished_pages "
                "WHERE document_id = ?1 AND number = ?2 UNION ALL "
                "SELECT number, text, layout, width, height, name FROM pages "
                "WHERE document_id = ?1 AND number = ?2 LIMIT 1",
                (document_id, number),
            )
            yield PackedPage(*row)

    def drop_unfinished(self, document_id: int) -> None:
        """Forget what was kept of a document."""
        for table in ("unfinished_vectors", "unfinished_pages"):
            self._database.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
