"""`make bench`: how evenly the window's loop turns while it works."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.bench import bench_window

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


def test_the_window_turns_every_few_milliseconds_whatever_it_does(
    qapp: QApplication, tmp_path: Path
) -> None:
    for gaps in bench_window.run(qapp, tmp_path / "data"):
        assert gaps.median < 20.0, gaps.during
        assert gaps.worst_own < 50.0, gaps.during
