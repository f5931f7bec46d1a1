"""The program as a person starts it: a process of its own, with a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
# A cold start imports torch; a shared machine may take its time over that.
TIME_LIMIT_S = 240


@dataclass(frozen=True)
class Outcome:
    """What one run of the program gave back."""

    code: int
    output: str
    messages: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that `--json` promises."""
        return json.loads(self.output)

    @property
    def lines(self) -> list[str]:
        return [line for line in self.messages.splitlines() if line.strip()]


@dataclass(frozen=True)
class Program:
    """`carrel` on one data folder; `wrapper` goes in front of the command, as strace does.

    `tree` is the source tree that is run, a changed copy in some tests.
    """

    data_dir: Path
    wrapper: tuple[str, ...] = ()
    tree: Path = REPOSITORY

    def run(self, *arguments: str | os.PathLike[str]) -> Outcome:
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            env=self._environment(),
            timeout=TIME_LIMIT_S,
            check=False,
        )
        return Outcome(
            done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        )

    def start(self, *arguments: str | os.PathLike[str]) -> subprocess.Popen[bytes]:
        """Start without waiting; the caller ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CARREL_DATA_DIR": str(self.data_dir),
            "PYTHONPATH": str(self.tree),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def command(self, *arguments: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
        return [*self.wrapper, sys.executable, "-P", "-m", "desktop", *arguments]
