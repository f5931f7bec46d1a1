"""`make bench`: the engine held to llama.cpp's own benchmark; LLAMA_BENCH names that program."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from typer.testing import CliRunner

from desktop.app import build_assistant
from desktop.cli.main import command_line
from desktop.cli.session import Invocation
from desktop.domain.machine import LockState, NetworkLock
from tests.bench import bench_window_speed

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

PROGRAM = os.environ.get("LLAMA_BENCH", "")


def test_the_engine_is_at_its_limit() -> None:
    lock = NetworkLock(LockState.OPEN, "a process that measures")
    invocation = Invocation(
        open_assistant=lambda folder, post: build_assistant(folder, post, lock),
        open_window=lambda _: 1,
    )
    given = ["--llama-bench", PROGRAM] if PROGRAM else []
    ran = CliRunner().invoke(command_line(), ["bench", "engine", "--json", *given], obj=invocation)
    assert ran.exit_code == 0, ran.output
    measured = json.loads(ran.stdout)
    print({name: value for name, value in measured.items() if name not in ("pairs", "plan")})
    for doing in ("reading", "writing"):
        assert measured["stop_ms"][doing]["worst"] < 100.0
    assert measured["schema_ratio"] >= 0.95
    assert measured["lookup"]["quoting_ratio"] > 1.0
    if PROGRAM:
        assert measured["generation_ratio"] >= 0.97
        assert measured["reading_ratio"] >= 0.97


@pytest.mark.skipif(not PROGRAM, reason="LLAMA_BENCH names no program")
def test_the_window_takes_nothing_from_the_engine(qapp: QApplication, tmp_path: Path) -> None:
    pairs = bench_window_speed.run(qapp, tmp_path / "data", Path(PROGRAM), 5)
    ratios = sorted(through / yardstick for through, yardstick in pairs)
    assert ratios[len(ratios) // 2] >= 0.97
