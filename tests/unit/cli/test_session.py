"""What the command line prints is what a terminal and a script can take."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from desktop.cli.search_command import _questions
from desktop.cli.session import Session, one_line, printable


def test_an_escape_in_a_file_s_name_does_not_reach_the_terminal() -> None:
    assert "\x1b" not in printable("\x1b[31mred.txt")


def test_a_file_s_name_with_a_line_break_stays_in_one_line() -> None:
    assert one_line("failed  /tmp/new\nline\t.txt") == "failed  /tmp/new\ufffdline\ufffd.txt"


def test_undecodable_bytes_in_a_name_can_be_printed() -> None:
    assert one_line("bad\udcff.txt").encode("utf-8") == b"bad?.txt"


def test_a_note_longer_than_the_terminal_is_wide_stays_one_line() -> None:
    written = io.StringIO()
    console = Console(file=written, width=40)
    session = Session(None, None, json=False, progress=console)  # type: ignore[arg-type]
    session.note("/a/long/path" * 10 + "\n.txt: is empty.")
    assert written.getvalue().count("\n") == 1


def test_a_question_may_hold_the_line_breaks_that_json_allows(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    rows = [{"id": 1, "question": "first\u2028second\u0085third"}, {"id": 2, "question": "fourth"}]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    asked.write_bytes("\r\n".join(lines).encode())
    assert list(_questions(asked)) == rows
