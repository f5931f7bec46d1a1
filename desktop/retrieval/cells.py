"""The nearest rows of a folder of cells: the nearest cells are looked through, the rest is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop.retrieval.exact import Found, Ids, Vector, best_of
from desktop.storage.cell_files import GONE, CellFiles

# So large a share of all rows is looked through, and never fewer than so many: recall of 0.97
# and better (docs/retrieval.md).
_SHARE = 0.06
_LEAST_ROWS = 24_000
# Few allowed chunks are looked at one by one: the cells would hold too many others.
_MOST_ONE_BY_ONE = 4_000
# Few axes and eight bits order the rows roughly; so many times the wanted number, and never fewer
# than so many, are weighed again.
_AGAIN = 4
_LEAST_AGAIN = 800
# What lies between two wanted stretches is read with them where it is no more than this.
_GAP = 64
# Of so many rows the numbers stay in the processor's cache.
_STEP = 1024


class Cells:
    """Finds rows near to a question. Raises `CellsDamaged` before anything damaged is used."""

    def __init__(self, files: CellFiles) -> None:
        self._files = files
        self._order = np.argsort(files.ids)
        self._sorted = files.ids[self._order]
        self._block = np.empty((_STEP, files.shape.directions), np.float32)
        self._sizes = np.diff(files.bounds)

    @property
    def rows(self) -> int:
        """How many rows are those of a chunk that is still there."""
        return int(np.count_nonzero(self._files.ids != GONE))

    def forget(self, ids: Ids) -> None:
        """Let no search find these chunks again; their bytes stay until `erase`."""
        self._files.ids[self._positions(ids)[1]] = GONE

    def erase(self, ids: Ids) -> None:
        """Overwrite the rows of these chunks in the files."""
        self._files.erase(self._positions(ids, forgotten_too=True)[1])

    def nearest(self, vector: Vector, k: int, among: Ids | None = None) -> Found:
        """The `k` nearest chunks, nearest first; with `among`, of these alone."""
        if vector.size != self._files.shape.dimensions:
            return []
        if among is None:
            return self._in_cells(vector, k, self._budget(1.0), None)
        ids, positions = self._positions(among)
        if len(ids) <= _MOST_ONE_BY_ONE:
            return self._weighed(vector, positions, k)
        allowed = np.zeros(len(self._files.ids), bool)
        allowed[positions] = True
        return self._in_cells(vector, k, self._budget(len(ids) / len(allowed)), allowed)

    def similarities(self, vector: Vector, ids: Ids) -> dict[int, float]:
        """The similarity of each of these chunks that has a row here."""
        if vector.size != self._files.shape.dimensions:
            return {}
        known, positions = self._positions(ids)
        similar = self._files.fine(positions) @ vector
        return {int(one): float(near) for one, near in zip(known, similar, strict=True)}

    def check(self) -> None:
        """Read every row once; raises `CellsDamaged`."""
        rows = len(self._files.ids)
        for begin in range(0, rows, _STEP):
            positions = np.arange(begin, min(begin + _STEP, rows))
            self._files.coarse(positions[:1], positions[-1:] + 1)
            self._files.fine(positions)

    def _budget(self, share_allowed: float) -> float:
        # The hundred nearest of a tenth are the thousand nearest of all.
        rows = len(self._files.ids)
        return min(rows, max(_LEAST_ROWS, _SHARE * rows) / share_allowed)

    def _in_cells(
        self, vector: Vector, k: int, budget: float, allowed: NDArray[np.bool_] | None
    ) -> Found:
        seen = vector @ self._files.basis
        ranking = np.argsort(-(self._files.centres @ seen), kind="stable")
        reach = np.cumsum(self._sizes[ranking])
        wanted = max(_LEAST_AGAIN, _AGAIN * k)
        # So many cells first; where most of their rows are not allowed or gone, the rest as well.
        first = int(np.searchsorted(reach, budget)) + 1
        positions, scores = self._look(seen, ranking[:first], allowed)
        if len(positions) < k and first < len(ranking):
            positions, scores = self._look(seen, ranking, allowed)
        if len(scores) > wanted:
            positions = positions[np.argpartition(-scores, wanted - 1)[:wanted]]
        return self._weighed(vector, positions, k)

    def _look(
        self, seen: Vector, cells: Ids, allowed: NDArray[np.bool_] | None
    ) -> tuple[Ids, Vector]:
        """The positions and rough similarities of all rows in these cells that may be found."""
        begins, ends = self._stretches(cells)
        positions, rows = self._files.coarse(begins, ends)
        scores = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _STEP):
            part = rows[start : start + _STEP]
            block = self._block[: len(part)]
            block[:] = part
            np.dot(block, seen, out=scores[start : start + len(part)])
        scores *= self._files.scales[positions]
        wanted = self._files.ids[positions] != GONE
        if allowed is not None:
            wanted &= allowed[positions]
        return positions[wanted], scores[wanted]

    def _stretches(self, cells: Ids) -> tuple[Ids, Ids]:
        """Where the rows of these cells begin and end, neighbours and near ones joined."""
        chosen = np.sort(cells)
        begins, ends = self._files.bounds[chosen], self._files.bounds[chosen + 1]
        apart = np.flatnonzero(begins[1:] - ends[:-1] > _GAP)
        firsts, lasts = np.append(0, apart + 1), np.append(apart, len(chosen) - 1)
        return begins[firsts], ends[lasts]

    def _weighed(self, vector: Vector, positions: Ids, k: int) -> Found:
        return best_of(self._files.ids[positions], self._files.fine(positions) @ vector, k)

    def _positions(self, ids: Ids, forgotten_too: bool = False) -> tuple[Ids, Ids]:
        """Those of `ids` that have a row of a chunk still there, and where."""
        # The last place stands for whatever is larger than all; there is always a row.
        at = np.minimum(np.searchsorted(self._sorted, ids), len(self._sorted) - 1)
        positions = self._order[at]
        known = self._sorted[at] == ids
        if not forgotten_too:
            known &= self._files.ids[positions] != GONE
        return ids[known], positions[known]
