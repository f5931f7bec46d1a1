"""`make bench`: models take the memory that they were said to take."""

from __future__ import annotations

import pytest

from tests.bench import bench_memory

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


def test_estimates_are_within_a_tenth_of_what_is_used() -> None:
    assert bench_memory.main() == 0
