"""The chunks' vectors, in runs of neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from desktop.storage.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    ChunkIds = NDArray[np.int64]

# One row for so many neighbours: 393 kB at 384 dimensions.
_RUN_LENGTH = 256
_FLOAT32 = "<f4"

# A collection is searched with the embedder that wrote last; others are left from before.
_NEWEST_EMBEDDER = (
    "SELECT embedder FROM vector_runs WHERE collection_id = ? ORDER BY first_chunk_id DESC LIMIT 1"
)


class VectorTable:
    """Keeps each chunk's vector as float32, so that every index over them can be built anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        collection_id: int,
        document_id: int,
        first_chunk_id: int,
        vectors: Vectors,
        embedder: str,
    ) -> None:
        """Store the vectors of chunks whose ids run on from `first_chunk_id`."""
        dimensions = vectors.shape[1]
        self._database.execute_many(
            "INSERT INTO vector_runs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (first, document_id, collection_id, embedder, dimensions, len(run), run.tobytes())
                for first, run in _runs(first_chunk_id, vectors)
            ),
        )

    def embedder(self, collection_id: int) -> str:
        """Return the name of the embedder that wrote last, "" in an empty collection."""
        found = self._database.execute(_NEWEST_EMBEDDER, (collection_id,))
        return str(found[0][0]) if found else ""

    def load(self, collection_id: int) -> tuple[ChunkIds, Vectors]:
        """Return all chunk ids, ascending, with their vectors as the rows of one matrix."""
        # numpy is imported where it computes: the window does not wait for it.
        import numpy as np

        embedder = self.embedder(collection_id)
        [(count, dimensions)] = self._database.execute(
            "SELECT coalesce(sum(length), 0), coalesce(max(dimensions), 0) FROM vector_runs "
            "WHERE collection_id = ? AND embedder = ?",
            (collection_id, embedder),
        )
        ids = np.empty(count, dtype=np.int64)
        vectors = np.empty((count, dimensions), dtype=np.float32)
        done = 0
        for first, length, blob in self._database.stream(
            "SELECT first_chunk_id, length, vectors FROM vector_runs "
            "WHERE collection_id = ? AND embedder = ? ORDER BY first_chunk_id",
            (collection_id, embedder),
        ):
            ids[done : done + length] = np.arange(first, first + length)
            vectors[done : done + length] = np.frombuffer(blob, _FLOAT32).reshape(length, -1)
            done += length
        return ids, vectors

    def some(self, chunk_ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of these chunks, by id; those without one are left out."""
        import numpy as np

        rows = self._database.execute(
            "SELECT wanted.value, substr(vectors, "
            "1 + (wanted.value - first_chunk_id) * 4 * dimensions, 4 * dimensions) "
            "FROM json_each(?) AS wanted JOIN vector_runs ON first_chunk_id = ("
            "SELECT max(first_chunk_id) FROM vector_runs WHERE first_chunk_id <= wanted.value"
            ") WHERE wanted.value < first_chunk_id + length",
            (json.dumps([int(chunk_id) for chunk_id in chunk_ids]),),
        )
        return {chunk_id: np.frombuffer(blob, _FLOAT32) for chunk_id, blob in rows}

    def chunk_ids(self, collection_id: int) -> list[int]:
        """Return the ids that `load` would, without the vectors."""
        runs = self._database.execute(
            "SELECT first_chunk_id, length FROM vector_runs "
            "WHERE collection_id = ? AND embedder = ? ORDER BY first_chunk_id",
            (collection_id, self.embedder(collection_id)),
        )
        return [chunk_id for first, length in runs for chunk_id in range(first, first + length)]


def _runs(first_chunk_id: int, vectors: Vectors) -> Iterator[tuple[int, Vectors]]:
    import numpy as np

    stored = np.ascontiguousarray(vectors, dtype=_FLOAT32)
    for start in range(0, len(stored), _RUN_LENGTH):
        yield first_chunk_id + start, stored[start : start + _RUN_LENGTH]
