"""Which of two ways is faster, by short runs that alternate."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

_PAIRS = 5
_FEWEST_PAIRS = 3
_GAIN = 1.03  # less is not worth leaving the default for
_AGREEING = 0.8  # of the pairs must point the same way

Measured = Callable[[], float]  # runs once and says its speed


def wins(challenger: Measured, champion: Measured, ends_at: float) -> bool:
    """Whether the challenger is clearly faster; without enough time for a verdict it is not.

    The order within a pair alternates, so that what warms up or tires speaks for neither.
    """
    ratios: list[float] = []
    while len(ratios) < _PAIRS and time.perf_counter() < ends_at:
        if len(ratios) % 2:
            old = champion()
            new = challenger()
        else:
            new = challenger()
            old = champion()
        ratios.append(new / old)
    return len(ratios) >= _FEWEST_PAIRS and clearly_faster(ratios)


def clearly_faster(ratios: Sequence[float]) -> bool:
    """Whether paired runs, new over old, speak for the new: by the median, and most of them."""
    if not ratios:
        return False
    agreeing = sum(ratio > 1.0 for ratio in ratios) / len(ratios)
    return median(ratios) >= _GAIN and agreeing >= _AGREEING
