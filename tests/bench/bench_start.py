"""Time until the window is on the screen: `python -m tests.bench.bench_start --runs 5`.

The screen is Xvfb's, whose picture is a file: the clock stops at the first row of pixels that is
painted, seen from outside, with nothing added to the program.
"""

from __future__ import annotations

import argparse
import mmap
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.program import REPOSITORY, Program

_LOOK_EVERY_S = 0.002
_PATIENCE_S = 60.0
_WIDTH, _HEIGHT, _PIXEL_BYTES = 1600, 1000, 4


@dataclass(frozen=True, slots=True)
class Start:
    """One start: wall time to the first pixels, and the processor's time until then."""

    seconds: float
    cpu_seconds: float


class Screen:
    """Xvfb with its picture in a file."""

    def __init__(self, name: str, picture: mmap.mmap) -> None:
        self.name = name
        self._picture = picture
        # The picture stands at the end of the file, behind a header and the colour map.
        self._row = len(picture) - _WIDTH * _PIXEL_BYTES * (_HEIGHT - _HEIGHT // 3)
        self._dark = self._middle()

    @staticmethod
    @contextmanager
    def open() -> Iterator[Screen]:
        with tempfile.TemporaryDirectory(prefix="carrel-screen-") as folder:
            reading, writing = os.pipe()
            server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), "-fbdir", folder, "-nolisten", "tcp"]
                + ["-screen", "0", f"{_WIDTH}x{_HEIGHT}x24"],
                pass_fds=(writing,),
                stderr=subprocess.DEVNULL,
            )
            os.close(writing)
            try:
                with open(reading, encoding="ascii") as told:
                    number = told.readline().strip()
                with (
                    (Path(folder) / "Xvfb_screen0").open("rb") as file,
                    mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as picture,
                ):
                    yield Screen(f":{number}", picture)
            finally:
                server.terminate()
                server.wait()

    def painted(self) -> bool:
        return self._middle() != self._dark

    def _middle(self) -> bytes:
        return self._picture[self._row : self._row + _WIDTH * _PIXEL_BYTES]


def start_once(data: Path, screen: Screen) -> Start:
    """Start the program, wait for its first pixels, and end it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        Program(data).command(),
        env={
            **os.environ,
            "CARREL_DATA_DIR": str(data),
            "PYTHONPATH": str(REPOSITORY),
            "DISPLAY": screen.name,
            "QT_QPA_PLATFORM": "xcb",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        while not screen.painted():
            assert process.poll() is None, "the program ended before it showed a window"
            assert time.perf_counter() - began < _PATIENCE_S, "no window"
            time.sleep(_LOOK_EVERY_S)
        seconds = time.perf_counter() - began
        return Start(seconds, _cpu_seconds(process.pid))
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)
        _await_dark(screen)


def run(count: int) -> dict[str, Start]:
    """Print and return the medians of first starts (an empty data folder) and of second ones."""
    if sys.platform != "linux" or shutil.which("Xvfb") is None:
        raise RuntimeError("Xvfb is needed to measure a start")
    starts: dict[str, list[Start]] = {"first start": [], "second start": []}
    with Screen.open() as screen:
        for _ in range(count):
            with tempfile.TemporaryDirectory(prefix="carrel-start-") as folder:
                for found in starts.values():
                    found.append(start_once(Path(folder), screen))
    print(f"                 wall s  CPU s   lowest to highest wall s   load {_load()}")
    medians = {}
    for name, found in starts.items():
        walls = sorted(one.seconds for one in found)
        cpu = statistics.median(one.cpu_seconds for one in found)
        medians[name] = Start(statistics.median(walls), cpu)
        print(
            f"  {name:13} {medians[name].seconds:7.3f} {cpu:6.2f}   {walls[0]:.3f}-{walls[-1]:.3f}"
        )
    return medians


def _cpu_seconds(pid: int) -> float:
    # After the name in brackets, user and system time are the 12th and 13th fields.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _await_dark(screen: Screen) -> None:
    deadline = time.perf_counter() + _PATIENCE_S
    while screen.painted():
        assert time.perf_counter() < deadline, "the window stayed"
        time.sleep(_LOOK_EVERY_S)


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how many pairs of starts")
    run(parser.parse_args().runs)


if __name__ == "__main__":
    main()
