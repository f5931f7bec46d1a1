"""Terminals and systems that lack something: each gets an answer and no traceback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.program import REPOSITORY, Program

pytestmark = pytest.mark.fault


def test_a_terminal_without_unicode_gets_question_marks_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    program = Program(tmp_path / "data")
    assert program.run("index", folder, "--collection", "Verträge \N{GRINNING FACE}").code == 0
    monkeypatch.setenv("PYTHONIOENCODING", "ascii:strict")
    listed = program.run("collections", "list")
    assert listed.code == 0, listed.messages
    assert listed.output.startswith("Vertr?ge ?: 0 files")


def test_questions_that_are_no_text_are_wrong_usage(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_bytes(b'{"id": 1, "question": "\xff\xfe"}\n')
    found = Program(tmp_path / "data").run("search", "--queries", asked, "-c", "Contracts")
    assert found.code == 2
    assert "Line 1 of asked.jsonl" in found.messages
    assert "Traceback" not in found.messages


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="displays are named this way on Linux only")
def test_a_window_without_a_display_is_one_line_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    program = Program(tmp_path / "data")
    done = subprocess.run(
        program.command("--data-dir", program.data_dir),
        capture_output=True,
        cwd=REPOSITORY,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    [line] = done.stderr.decode("utf-8").splitlines()
    assert "no display" in line
