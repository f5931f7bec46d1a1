"""Which of two ways is faster: noise keeps the default."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from desktop.inference.paired_runs import Measured, clearly_faster, wins
from desktop.inference.tuning_steps import thread_candidates

SOON = 3600.0


def speeds(*values: float) -> Measured:
    found: Iterator[float] = itertools.cycle(values)
    return lambda: next(found)


@pytest.mark.parametrize(
    ("ratios", "faster"),
    [
        ([1.2, 1.25, 1.18, 1.22, 1.3], True),
        ([1.2, 0.7, 1.25, 1.3, 1.2], True),  # one run was disturbed
        ([1.02, 1.01, 1.02, 1.02, 1.01], False),  # too little to leave the default for
        ([1.4, 0.8, 1.3, 0.7, 1.5], False),  # noise
        ([0.8, 0.9, 0.85, 0.8, 0.9], False),
        ([], False),
    ],
)
def test_only_a_clear_difference_counts(ratios: list[float], faster: bool) -> None:
    assert clearly_faster(ratios) is faster


def test_what_slows_both_sides_of_a_pair_decides_nothing() -> None:
    drift = [100.0, 60.0, 20.0, 90.0, 30.0]
    ends = time.perf_counter() + SOON
    assert not wins(speeds(*drift), speeds(*drift), ends)
    assert wins(speeds(*(1.2 * one for one in drift)), speeds(*drift), ends)


def test_without_time_the_default_stays() -> None:
    assert not wins(speeds(500.0), speeds(1.0), time.perf_counter() - 1)


def test_numbers_of_threads_worth_trying_are_few_and_within_the_machine() -> None:
    assert thread_candidates(1, 2) == [1, 2]
    assert thread_candidates(8, 16) == [4, 6, 8, 16]
    assert thread_candidates(1, 1) == [1]
