"""Nearest chunks by looking at every vector."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from desktop.storage.vector_table import VectorRun

Found = list[tuple[int, float]]
Ids = NDArray[np.int64]
Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]

_FIRST_ROOM = 1024


class HeldVectors:
    """Vectors in memory; rows come at the end, and those that go are skipped."""

    def __init__(self) -> None:
        self._ids = np.empty(0, np.int64)
        self._rows = np.empty((0, 0), np.float32)
        self._used = 0

    def __len__(self) -> int:
        """Rows in memory, forgotten ones too."""
        return self._used

    def add(self, ids: Ids, vectors: Matrix) -> None:
        """Hold further chunks' vectors; those of another length than before are left out."""
        if self._used and vectors.shape[1] != self._rows.shape[1]:
            return
        needed = self._used + len(ids)
        if needed > len(self._ids):
            room = max(needed, 2 * self._used, _FIRST_ROOM)
            grown = np.empty((room, vectors.shape[1]), np.float32)
            if self._used:
                grown[: self._used] = self._rows[: self._used]
            self._rows = grown
            self._ids = np.resize(self._ids, room)
        self._ids[self._used : needed] = ids
        self._rows[self._used : needed] = vectors
        self._used = needed

    def forget(self, ids: Ids) -> None:
        """Let no search find these again, and keep no byte of them."""
        gone = np.isin(self._ids[: self._used], ids)
        if gone.any():
            kept = np.flatnonzero(~gone)
            self._rows[: len(kept)] = self._rows[kept]
            self._ids[: len(kept)] = self._ids[kept]
            self._rows[len(kept) : self._used] = 0
            self._used = len(kept)

    def nearest(self, vector: Vector, k: int, among: Ids | None = None) -> Found:
        """The `k` nearest, nearest first; with `among`, of these alone."""
        ids, rows = self._ids[: self._used], self._rows[: self._used]
        if among is not None:
            chosen = np.flatnonzero(np.isin(ids, among))
            ids, rows = ids[chosen], rows[chosen]
        return nearest(ids, rows, vector, k)

    def similarities(self, vector: Vector, ids: Ids) -> dict[int, float]:
        return dict(self.nearest(vector, len(ids), ids))


def nearest(ids: Ids, vectors: Matrix, vector: Vector, k: int) -> Found:
    """The `k` rows nearest to `vector` by cosine, nearest first, found by looking at all."""
    if not len(ids) or vectors.shape[1] != vector.size:
        return []
    return best_of(ids, vectors @ vector.reshape(-1), k)


def nearest_of_runs(
    runs: Iterable[VectorRun], vector: Vector, k: int, among: Ids | None = None
) -> Found:
    """The `k` nearest of vectors that come from the database run by run; memory of one run."""
    best: Found = []
    for run in runs:
        ids, rows = run.chunk_ids, run.vectors
        if among is not None:
            chosen = np.flatnonzero(np.isin(ids, among))
            ids, rows = ids[chosen], rows[chosen]
        best = merged(k, best, nearest(ids, rows, vector, k))
    return best


def merged(k: int, *lists: Found) -> Found:
    """The `k` best of several lists."""
    every = [pair for found in lists for pair in found]
    return sorted(every, key=lambda pair: (-pair[1], pair[0]))[:k]


def best_of(ids: Ids, similarities: Vector, k: int) -> Found:
    """Ids with their similarities, the `k` best first; equal ones by id."""
    k = min(k, len(ids))
    if k < 1:
        return []
    best = np.argpartition(-similarities, k - 1)[:k]
    best = best[np.lexsort((ids[best], -similarities[best]))]
    return [(int(ids[at]), float(similarities[at])) for at in best]
