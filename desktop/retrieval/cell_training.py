"""Where the cells lie: centres found on a sample, and each vector's cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Of so many vectors a cell on average, until there are so many cells: smaller cells hold less that
# is not wanted, more cells are more to read (docs/retrieval.md has the measurement).
_VECTORS_A_CELL = 64
_MOST_CELLS = 8192
# Centres are means: more vectors of a cell than this hardly move one.
_SAMPLE_A_CELL = 12
_LEAST_SAMPLE = 4096
# Along so many axes, or a third of all, a vector keeps most of what tells it from others.
_LEAST_DIRECTIONS = 128
_ROUNDS = 6
# A vector is compared with the centres around its region: as many as this times a region's own.
_NEIGHBOURHOOD = 6
_BLOCK = 8192


def cells_for(vectors: int) -> int:
    """How many cells serve so many vectors."""
    return max(1, min(_MOST_CELLS, vectors // _VECTORS_A_CELL))


def sample_for(vectors: int) -> int:
    """How many vectors are enough to place their cells."""
    return min(vectors, max(_LEAST_SAMPLE, _SAMPLE_A_CELL * cells_for(vectors)))


def basis_of(sample: Floats) -> Floats:
    """The axes, as columns, along which these vectors differ from zero and each other the most."""
    dimensions = sample.shape[1]
    count = min(dimensions, max(_LEAST_DIRECTIONS, dimensions // 3))
    _, axes = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(axes[:, ::-1][:, :count], np.float32)


@dataclass(frozen=True, slots=True)
class CellMap:
    """Unit centres of the cells, and regions of centres that make finding one cheap.

    A vector looks for its region among few, then for its cell among the centres around that: a
    tenth of the products that all centres would take, and nearly always the same cell.
    """

    centres: Floats
    regions: Floats
    around: NDArray[np.int64]

    @staticmethod
    def of(sample: Floats, cells: int) -> CellMap:
        """Place `cells` centres by k-means in two levels; the same sample gives the same map."""
        draw = np.random.default_rng(0)
        wanted = max(1, round(cells**0.5))
        regions = _means(sample, wanted, draw)
        at = _nearest(sample, regions)
        counts = np.bincount(at, minlength=len(regions))
        centres: list[Floats] = []
        for region, count in enumerate(counts):
            if count:
                share = max(1, round(cells * count / len(sample)))
                centres.append(_means(sample[at == region], share, draw))
        rough = CellMap._around(np.concatenate(centres), regions)
        # Once over all: a cell at the border of its region gets what is nearest to it beyond.
        return CellMap._around(_moved(sample, rough.cell_of(sample), rough.centres), regions)

    @staticmethod
    def _around(centres: Floats, regions: Floats) -> CellMap:
        size = min(len(centres), max(16, _NEIGHBOURHOOD * len(centres) // len(regions)))
        similarity = regions @ centres.T
        around = np.argpartition(-similarity, size - 1, axis=1)[:, :size]
        return CellMap(centres, regions, np.ascontiguousarray(around, np.int64))

    def cell_of(self, vectors: Floats) -> NDArray[np.int32]:
        """The number of each row's cell."""
        regions = _nearest(vectors, self.regions)
        cells = np.empty(len(vectors), np.int32)
        order = np.argsort(regions, kind="stable")
        bounds = np.searchsorted(regions[order], np.arange(len(self.regions) + 1))
        for region in range(len(self.regions)):
            rows = order[bounds[region] : bounds[region + 1]]
            if len(rows):
                near = self.around[region]
                cells[rows] = near[_nearest(vectors[rows], self.centres[near])]
        return cells


def _means(rows: Floats, count: int, draw: np.random.Generator) -> Floats:
    """Spherical k-means: `count` unit centres, or one for each row where there are fewer."""
    count = min(count, len(rows))
    centres = np.array(rows[draw.choice(len(rows), count, replace=False)])
    for _ in range(_ROUNDS if count > 1 else 1):
        centres = _moved(rows, _nearest(rows, centres), centres)
    return centres


def _moved(rows: Floats, cells: NDArray[np.int32], centres: Floats) -> Floats:
    """Each centre in the middle of its rows; one without rows stays where it is."""
    order = np.argsort(cells, kind="stable")
    present, starts = np.unique(cells[order], return_index=True)
    moved = centres.copy()
    moved[present] = np.add.reduceat(rows[order], starts, axis=0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-12), np.float32)


def _nearest(rows: Floats, centres: Floats) -> NDArray[np.int32]:
    best = np.empty(len(rows), np.int32)
    for begin in range(0, len(rows), _BLOCK):
        part = rows[begin : begin + _BLOCK]
        best[begin : begin + len(part)] = np.argmax(part @ centres.T, axis=1)
    return best
