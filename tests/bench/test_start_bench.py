"""`make bench`: how long a start takes; the processor's own time is held, waiting is not."""

from __future__ import annotations

import shutil

import pytest

from tests.bench import bench_start

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_a_start_takes_less_than_a_second_of_computing() -> None:
    for start in bench_start.run(5).values():
        assert start.cpu_seconds < 1.0
