"""Indexing speed beside the plain pipeline: `python -m tests.bench.bench_indexing --files 6`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.bench.question_sets import QuestionSet
from desktop.domain.documents import IndexReport
from tests.support.real_desk import RealDesk
from tests.support.shared_data import shared_data


@dataclass(frozen=True, slots=True)
class Speed:
    """What one pipeline did with the same files, its models loaded before."""

    pages: int
    chunks: int
    seconds: float

    @property
    def pages_per_second(self) -> float:
        return self.pages / self.seconds

    @property
    def chunks_per_second(self) -> float:
        return self.chunks / self.seconds


def carrels(files: Sequence[Path]) -> Speed:
    """Index with Carrel into a new data folder."""
    with tempfile.TemporaryDirectory() as folder, RealDesk.open(Path(folder)) as desk:
        desk.index.warm()
        report: IndexReport = desk.run(files, desk.store.create_collection("Bench"))
    return Speed(report.pages_read, sum(file.chunks for file in report.files), report.seconds)


def plain(files: Sequence[Path]) -> Speed:
    """Index with the plain pipeline, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.plain_pipeline", folder, *map(str, files)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Speed(**json.loads(printed.splitlines()[-1]))


def run(files: Sequence[Path]) -> float:
    """Print both and return the ratio of their pages per second."""
    print("                  pages  chunks  seconds  pages/s  chunks/s")
    speeds = {"plain pipeline": plain(files), "Carrel": carrels(files)}
    for name, speed in speeds.items():
        print(
            f"  {name:15} {speed.pages:5d} {speed.chunks:7d} {speed.seconds:8.1f} "
            f"{speed.pages_per_second:8.2f} {speed.chunks_per_second:9.2f}"
        )
    ratio = speeds["Carrel"].pages_per_second / speeds["plain pipeline"].pages_per_second
    print(f"  ratio of pages a second: {ratio:.2f}")
    return ratio


def sample(count: int) -> list[Path]:
    """The set's smallest PDFs, so that a short run still sees several."""
    found = sorted(
        QuestionSet.load(shared_data("retrieval"), "legal", 1).files.glob("*.pdf"),
        key=lambda p: p.stat().st_size,
    )
    return found[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=8, help="how many PDF files")
    run(sample(parser.parse_args().files))


if __name__ == "__main__":
    main()
