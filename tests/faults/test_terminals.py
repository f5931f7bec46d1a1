"""Terminals and systems that lack something: each gets an answer and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import REPOSITORY, Program
from tests.unit.documents.test_zip_archives import AES_256, PASSWORD

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


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked.zip"
    path.write_bytes(AES_256)
    return path


def test_passwords_come_from_standard_input_and_are_shown_nowhere(
    tmp_path: Path, locked: Path
) -> None:
    program = Program(tmp_path / "data")

    def extract(passwords: str) -> subprocess.CompletedProcess[str]:
        command = program.command("extract", locked / "words.txt", "--password-stdin")
        return subprocess.run(
            [*command, "--data-dir", program.data_dir],
            input=passwords, capture_output=True, text=True, cwd=REPOSITORY, timeout=120,
            check=False,
        )  # fmt: skip

    opened = extract(f"hunter2\n{PASSWORD}\n")
    assert opened.returncode == 0, opened.stderr
    assert "Drawer seventeen" in opened.stdout
    refused = extract("hunter2\n")
    assert refused.returncode == 1
    assert refused.stderr.startswith("carrel: locked.zip is encrypted")
    assert "hunter2" not in refused.stdout + refused.stderr + opened.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are made this way elsewhere")
def test_a_password_is_asked_for_at_a_terminal(tmp_path: Path, locked: Path) -> None:
    import pty

    program = Program(tmp_path / "data")
    ours, theirs = pty.openpty()
    command = program.command("extract", locked / "words.txt", "--data-dir", program.data_dir)
    # A session of its own: the password must not be asked for at the terminal of the tests.
    process = subprocess.Popen(
        command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, cwd=REPOSITORY,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with process:
        for answer in ("hunter2", PASSWORD):
            while not said.endswith(b"words.txt: "):
                said += os.read(ours, 1024)
            os.write(ours, answer.encode() + b"\n")
            said += b"|"
        assert process.stdout is not None
        assert b"Drawer seventeen" in process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert b"hunter2" not in said
