"""Running pip: its chatter goes to a log, its progress and its downloads are counted."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_LOG = Path(__file__).resolve().parent.parent / ".cache" / "setup.log"
_LAST_LINES = 12
_SIZE = re.compile(r"^\s*(Downloading|Using cached) \S+ \(([\d.]+) ([kMG]?B)\)")
_LOCAL = re.compile(r"^\s*Processing (\S+\.(?:whl|tar\.gz))")
_UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
_PROGRESS_EVERY = 25


class SetupFailed(Exception):
    """Set-up cannot go on; the text says why and what to do."""


class PipFailed(SetupFailed):
    """pip ended with an error; `output` is all it said."""

    def __init__(self, what: str, output: str) -> None:
        last = "\n".join(f"    {line}" for line in output.strip().splitlines()[-_LAST_LINES:])
        super().__init__(f"pip failed at {what}:\n{last}\n  The whole log: {_LOG}")
        self.output = output


class Downloads:
    """Bytes that pip fetched, and bytes it found on this machine."""

    def __init__(self) -> None:
        self._fetched = 0.0
        self._local = 0.0

    def notice(self, line: str) -> None:
        """Count the file that a line of pip's output speaks of, if any."""
        if sized := _SIZE.match(line):
            size = float(sized[2]) * _UNITS[sized[3]]
            if sized[1] == "Downloading":
                self._fetched += size
            else:
                self._local += size
        elif local := _LOCAL.match(line):
            path = Path(local[1].removeprefix("file://"))
            self._local += path.stat().st_size if path.is_file() else 0

    def summary(self) -> str:
        return (
            f"Downloaded {self._fetched / 1e6:.0f} MB; "
            f"{self._local / 1e6:.0f} MB were on this machine already."
        )


def environment_python(environment: Path) -> Path:
    """The interpreter of an environment, whether or not it is there yet."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def run_pip(
    python: Path,
    arguments: list[str],
    what: str,
    downloads: Downloads | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run one pip command to its end; raises `PipFailed`."""
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command = [str(python), "-m", "pip", *arguments, *quiet]
    _LOG.parent.mkdir(exist_ok=True)
    said: list[str] = []
    counted: list[str] = []
    with (
        _LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            log.write(line)
            if downloads is not None:
                downloads.notice(line)
            _show_progress(line, counted)
    if process.returncode != 0:
        raise PipFailed(what, "".join(said))


def _show_progress(line: str, counted: list[str]) -> None:
    if line.startswith("Collecting "):
        counted.append(line.split()[1])
        if len(counted) % _PROGRESS_EVERY == 0:
            print(f"  {len(counted)} packages found, now {counted[-1]}", flush=True)
    elif line.startswith("Installing collected packages") and len(counted) > 1:
        print(f"  unpacking {len(counted)} packages", flush=True)
