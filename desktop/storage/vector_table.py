"""The chunks' vectors, in runs of neighbours, of one embedder or several beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.storage.database import Database
from desktop.storage.searched_embedder import SearchedEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    ChunkIds = NDArray[np.int64]

# One row for so many neighbours: 393 kB at 384 dimensions.
_RUN_LENGTH = 256
_FLOAT32 = "<f4"


@dataclass(frozen=True, slots=True)
class VectorRun:
    """Neighbouring chunks' vectors, a row each; `id` rises with the order of writing."""

    id: int
    first_chunk_id: int
    vectors: NDArray[np.float32]

    @property
    def chunk_ids(self) -> NDArray[np.int64]:
        import numpy as np

        return np.arange(self.first_chunk_id, self.first_chunk_id + len(self.vectors))


@dataclass(frozen=True, slots=True)
class VectorsKept:
    """How many vectors a collection has of one embedder, and how long they are."""

    vectors: int
    dimensions: int
    last_run: int


class VectorTable(SearchedEmbedder):
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
        """Store the vectors of chunks whose ids run on from `first_chunk_id`.

        The first embedder of a collection is the one that is searched; a further one is kept
        beside it until `search_with` turns to it.
        """
        dimensions = vectors.shape[1]
        with self._database.transaction():
            self._register(collection_id, embedder)
            self._database.execute_many(
                "INSERT INTO vector_runs (document_id, collection_id, embedder, dimensions, "
                "first_chunk_id, length, vectors) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (document_id, collection_id, embedder, dimensions, first, len(run), run.data)
                    for first, run in _runs(first_chunk_id, vectors)
                ),
            )

    def replace_document(
        self,
        collection_id: int,
        document_id: int,
        first_chunk_id: int,
        vectors: Vectors,
        embedder: str,
    ) -> None:
        """Store a whole document's vectors in place of those it has by this embedder."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM vector_runs WHERE document_id = ? AND embedder = ?",
                (document_id, embedder),
            )
            self.add(collection_id, document_id, first_chunk_id, vectors, embedder)

    def drop(self, collection_id: int, embedder: str) -> None:
        """Delete an embedder's vectors from a collection."""
        with self._database.transaction():
            for table in ("vector_runs", "vector_sets"):
                self._database.execute(
                    f"DELETE FROM {table} WHERE collection_id = ? AND embedder = ?",
                    (collection_id, embedder),
                )

    def kept(
        self, collection_id: int, embedder: str, through_run: int | None = None
    ) -> VectorsKept:
        """Count the vectors of one embedder, of runs up to `through_run` or of all."""
        limit = "" if through_run is None else f"AND id <= {int(through_run)}"
        [(count, last)] = self._database.execute(
            "SELECT coalesce(sum(length), 0), coalesce(max(id), 0) FROM vector_runs "
            f"WHERE collection_id = ? AND embedder = ? {limit}",
            (collection_id, embedder),
        )
        found = self._database.execute("SELECT dimensions FROM vector_runs WHERE id = ?", (last,))
        return VectorsKept(int(count), int(found[0][0]) if found else 0, int(last))

    def runs(
        self, collection_id: int, embedder: str, every: int = 1, after: int = 0
    ) -> Iterator[VectorRun]:
        """Yield one embedder's runs; with `after`, those written after that run, oldest first.

        With `every`, only one of so many.
        """
        # What is new lies together at the end of the table; the unary plus keeps SQLite there.
        # All of a collection come by its index, which sorts nothing: rows are large.
        plus, order = ("+", "id") if after else ("", "first_chunk_id")
        for run_id, first, blob, dimensions in self._database.stream(
            "SELECT id, first_chunk_id, vectors, dimensions FROM vector_runs WHERE id > ? "
            f"AND id % ? = 0 AND {plus}collection_id = ? AND {plus}embedder = ? ORDER BY {order}",
            (after, every, collection_id, embedder),
        ):
            yield VectorRun(run_id, first, _matrix(blob, dimensions))

    def count_after(self, run_id: int, collection_id: int, embedder: str) -> int:
        """Count the vectors that were written after `run_id`."""
        plus = "+" if run_id else ""
        [(count,)] = self._database.execute(
            "SELECT coalesce(sum(length), 0) FROM vector_runs "
            f"WHERE id > ? AND {plus}collection_id = ? AND {plus}embedder = ?",
            (run_id, collection_id, embedder),
        )
        return int(count)

    def sample(self, collection_id: int, embedder: str, count: int) -> tuple[ChunkIds, Vectors]:
        """Return `count` vectors from evenly over the collection, or all where there are fewer."""
        import numpy as np

        runs = self._database.execute(
            "SELECT first_chunk_id, length FROM vector_runs "
            "WHERE collection_id = ? AND embedder = ? ORDER BY first_chunk_id",
            (collection_id, embedder),
        )
        ends = np.cumsum([length for _, length in runs])
        total = int(ends[-1]) if runs else 0
        places = np.unique(np.linspace(0, max(0, total - 1), count).astype(np.int64))
        chosen = []
        for place in places[: total or 0].tolist():
            at = int(np.searchsorted(ends, place, side="right"))
            first, length = runs[at]
            chosen.append(first + place - (int(ends[at]) - length))
        found = self.some(chosen)
        known = [one for one in chosen if one in found]
        rows = [found[one] for one in known]
        return np.array(known, np.int64), np.stack(rows) if rows else np.empty((0, 0), np.float32)

    def searched_vectors(self) -> int:
        """Count the vectors of all collections by their searched embedders."""
        [(count,)] = self._database.execute(
            "SELECT coalesce(sum(length), 0) FROM vector_sets JOIN vector_runs "
            "USING (collection_id, embedder) WHERE searched"
        )
        return int(count)

    def load(self, collection_id: int, embedder: str | None = None) -> tuple[ChunkIds, Vectors]:
        """Return all chunk ids, ascending, with their vectors as the rows of one matrix.

        1.5 kB a chunk; for a large collection, `runs`.
        """
        # numpy is imported where it computes: the window does not wait for it.
        import numpy as np

        embedder = self.embedder(collection_id) if embedder is None else embedder
        kept = self.kept(collection_id, embedder)
        ids = np.empty(kept.vectors, dtype=np.int64)
        vectors = np.empty((kept.vectors, kept.dimensions), dtype=np.float32)
        done = 0
        for run in self.runs(collection_id, embedder):
            ids[done : done + len(run.vectors)] = run.chunk_ids
            vectors[done : done + len(run.vectors)] = run.vectors
            done += len(run.vectors)
        return ids, vectors

    def some(self, chunk_ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the vectors of these chunks by each collection's searched embedder, by id.

        Those without one are left out.
        """
        import numpy as np

        rows = self._database.execute(
            "SELECT wanted.value, substr(vectors, "
            "1 + (wanted.value - first_chunk_id) * 4 * dimensions, 4 * dimensions) "
            "FROM json_each(?) AS wanted JOIN chunks ON chunks.id = wanted.value "
            "JOIN documents ON documents.id = chunks.document_id "
            "JOIN vector_sets ON vector_sets.collection_id = documents.collection_id AND searched "
            "JOIN vector_runs ON vector_runs.embedder = vector_sets.embedder "
            "AND first_chunk_id = (SELECT max(first_chunk_id) FROM vector_runs AS every "
            "WHERE first_chunk_id <= wanted.value AND every.embedder = vector_sets.embedder) "
            "WHERE wanted.value < first_chunk_id + length",
            (json.dumps([int(chunk_id) for chunk_id in chunk_ids]),),
        )
        return {chunk_id: np.frombuffer(blob, _FLOAT32) for chunk_id, blob in rows}

    def chunk_ids(self, collection_id: int, embedder: str | None = None) -> list[int]:
        """Return the ids that `load` would, without the vectors."""
        embedder = self.embedder(collection_id) if embedder is None else embedder
        runs = self._database.execute(
            "SELECT first_chunk_id, length FROM vector_runs "
            "WHERE collection_id = ? AND embedder = ? ORDER BY first_chunk_id",
            (collection_id, embedder),
        )
        return [chunk_id for first, length in runs for chunk_id in range(first, first + length)]

    def _register(self, collection_id: int, embedder: str) -> None:
        searched = self.embedder(collection_id)
        if embedder == searched:
            return
        # What is searched and has nothing left gives way: every file was read anew since.
        if not searched or not self.kept(collection_id, searched).vectors:
            self.search_with(collection_id, embedder)
            return
        self._database.execute(
            "INSERT OR IGNORE INTO vector_sets (collection_id, embedder) VALUES (?, ?)",
            (collection_id, embedder),
        )


def _matrix(blob: bytes, dimensions: int) -> NDArray[np.float32]:
    import numpy as np

    return np.frombuffer(blob, _FLOAT32).reshape(-1, dimensions)


def _runs(first_chunk_id: int, vectors: Vectors) -> Iterator[tuple[int, Vectors]]:
    import numpy as np

    stored = np.ascontiguousarray(vectors, dtype=_FLOAT32)
    for start in range(0, len(stored), _RUN_LENGTH):
        yield first_chunk_id + start, stored[start : start + _RUN_LENGTH]
