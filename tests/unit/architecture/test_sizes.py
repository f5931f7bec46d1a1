"""Files, functions and classes stay small; what is over is printed, what is far over fails."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.architecture.tree import ROOT, program_files


@dataclass(frozen=True, slots=True)
class Measure:
    """One size that was measured, and the two limits it is held against."""

    what: str
    size: int
    wanted: int
    allowed: int


def measures(path: Path) -> Iterator[Measure]:
    """Every size in one file."""
    name = str(path.relative_to(ROOT))
    text = path.read_text(encoding="utf-8")
    yield Measure(f"{name} (lines)", text.count("\n"), 300, 500)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Measure(f"{name}: {node.name} (lines)", lines, 40, 80)
        elif isinstance(node, ast.ClassDef):
            yield Measure(f"{name}: {node.name} (public methods)", _public(node), 12, 20)


def _public(node: ast.ClassDef) -> int:
    return sum(
        isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
        and not member.name.startswith("_")
        for member in node.body
    )


def test_nothing_is_far_over_its_size(capsys: pytest.CaptureFixture[str]) -> None:
    every = [measure for path in program_files() for measure in measures(path)]
    over = sorted(
        (measure for measure in every if measure.size > measure.wanted),
        key=lambda measure: measure.wanted / measure.size,
    )
    with capsys.disabled():
        print(f"\nOver the wanted size ({len(over)} of {len(every)}):" if over else "")
        for measure in over:
            print(f"  {measure.what}: {measure.size}, wanted {measure.wanted}")
    assert [measure for measure in over if measure.size > measure.allowed] == []


def test_the_main_window_stays_a_frame() -> None:
    (path,) = [path for path in program_files() if "class MainWindow" in path.read_text("utf-8")]
    assert path.read_text(encoding="utf-8").count("\n") <= 200


def test_no_file_is_a_junk_drawer() -> None:
    junk = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "base", "impl"}
    drawers = [path for path in program_files() if junk & set(path.stem.split("_"))]
    assert drawers == []
