"""The command line in the tests' own process: the same commands, without the start of a program."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from desktop.app import build_assistant
from desktop.cli.main import run_command_line
from desktop.domain.machine import LockState, NetworkLock
from tests.support.program import Outcome

_UNLOCKED = NetworkLock(LockState.OPEN, "the tests' own process")


@dataclass(frozen=True)
class Commands:
    """`carrel` on one data folder."""

    data_dir: Path

    def run(self, *arguments: str | os.PathLike[str]) -> Outcome:
        words = ["--data-dir", str(self.data_dir), *map(str, arguments)]
        output, messages = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(messages):
            code = run_command_line(
                words,
                lambda folder, post: build_assistant(folder, post, _UNLOCKED),
                lambda _: 99,
            )
        return Outcome(code, output.getvalue(), messages.getvalue())
