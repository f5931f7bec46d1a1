"""From a map of likely line middles to the boxes of whole lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.documents.recognition.networks import Floats

_LIKELY = 0.3
_SURE_ON_AVERAGE = 0.5
# The network draws lines thinner than they are, by this share of area over outline.
_GROWTH = 1.6
_LEAST_SIDE = 3
_MOST_REGIONS = 1500
# Too short to say which way a line slopes.
_LONG_ENOUGH = 80


@dataclass(frozen=True, slots=True)
class Region:
    """One line's box in pixels of the map; `slope` is its fall to the right, None where short."""

    left: float
    top: float
    right: float
    bottom: float
    slope: float | None

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def regions_of(chances: Floats) -> list[Region]:
    """The boxes of lines in a map of likelihoods, largest first where there are too many."""
    rows, starts, ends = _runs(chances > _LIKELY)
    if not len(rows):
        return []
    owners = _owners(rows, starts, ends)
    sums = np.concatenate([np.zeros((len(chances), 1)), np.cumsum(chances, axis=1)], axis=1)
    weights = sums[rows, ends] - sums[rows, starts]
    found = [
        region
        for chosen in _groups(owners)
        if (region := _region(rows[chosen], starts[chosen], ends[chosen], weights[chosen]))
    ]
    return sorted(found, key=lambda region: -region.width * region.height)[:_MOST_REGIONS]


def _runs(marked: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, first column and end of each stretch of marked pixels, from the top."""
    edges = np.diff(np.pad(marked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return rows, starts, ends


def _owners(
    rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.intp]:
    """For each run, a number shared by all runs that touch it from row to row."""
    parents = list(range(len(rows)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for upper, lower in _touching(rows.tolist(), starts.tolist(), ends.tolist()):
        parents[root(upper)] = root(lower)
    return np.array([root(index) for index in range(len(parents))])


def _touching(rows: list[int], starts: list[int], ends: list[int]) -> Iterator[tuple[int, int]]:
    above = 0
    for index, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[index]):
            above += 1
        each = above
        while rows[each] == row - 1 and starts[each] <= ends[index]:
            yield each, index
            each += 1


def _groups(owners: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    order = np.argsort(owners, kind="stable")
    cuts = np.nonzero(np.diff(owners[order]))[0] + 1
    yield from np.split(order, cuts)


def _region(
    rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp], weights: Floats
) -> Region | None:
    left, right = float(starts.min()), float(ends.max())
    top, bottom = float(rows.min()), float(rows.max() + 1)
    width, height = right - left, bottom - top
    area = float((ends - starts).sum())
    if min(width, height) < _LEAST_SIDE or float(weights.sum()) < _SURE_ON_AVERAGE * area:
        return None
    grown = _GROWTH * width * height / (2 * (width + height))
    slope = _slope(rows, starts, ends) if width > max(_LONG_ENOUGH, 4 * height) else None
    return Region(left - grown, top - grown, right + grown, bottom + grown, slope)


def _slope(rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> float:
    """The fall of the line through the middle of the runs, found by least squares."""
    lengths = (ends - starts).astype(np.float64)
    total = lengths.sum()
    across = (starts + ends) / 2
    middle_x, middle_y = (across * lengths).sum() / total, (rows * lengths).sum() / total
    off = across - middle_x
    # Each run is itself spread along the line by a twelfth of its length squared.
    spread = (lengths * (off * off + lengths * lengths / 12)).sum()
    return float((lengths * off * (rows - middle_y)).sum() / spread)
