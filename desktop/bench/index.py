"""Indexing beside the plain pipeline: pages a second, memory, and whether questions find."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from desktop.bench.marked_questions import Marked, MarkedSet
from desktop.domain.models import EmbedderPlace, EmbedderPrecision
from desktop.inference.embedder_loading import included_place
from desktop.inference.included_models import embedder_folder
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.retriever import Retriever
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations

_NEAREST = 10
_LOOK_EVERY_S = 0.5
_COLLECTION = "Bench"

Hits = list[tuple[str, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Pass:
    """One pipeline, once through the files; `hit_at_10` by set, in shares of its questions.

    `cpu_seconds` are those of the whole process with its children, start and questions included:
    on a machine that others use too, they say more than the seconds that went by.
    """

    pages: int
    chunks: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    hit_at_10: dict[str, float]

    @property
    def pages_per_second(self) -> float:
        return self.pages / self.seconds


def measure_index(
    sets: Sequence[MarkedSet], repeats: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Both pipelines in turns over the same PDF files; medians, and their ratio.

    Raises `subprocess.CalledProcessError` where one of them fails.
    """
    passes: dict[str, list[Pass]] = {"plain": [], "carrel": []}
    for turn in range(repeats):
        for name, run in (("plain", _plain), ("carrel", _carrel)):
            say(f"{name} pipeline, {turn + 1} of {repeats}")
            with tempfile.TemporaryDirectory() as folder:
                passes[name].append(run(sets, Path(folder)))
    middle = {name: statistics.median(_speeds(each)) for name, each in passes.items()}
    return {
        "files": sum(len(each.files) for each in sets),
        "repeats": repeats,
        "embedder": included_place(EmbedderPrecision.AUTO).precision,
        "pages_per_second": {name: round(speed, 2) for name, speed in middle.items()},
        "ratio": round(middle["carrel"] / middle["plain"], 2),
        "ratios": [
            round(ours / plain, 2)
            for plain, ours in zip(_speeds(passes["plain"]), _speeds(passes["carrel"]), strict=True)
        ],
        "passes": {name: [asdict(one) for one in each] for name, each in passes.items()},
    }


def _speeds(passes: Sequence[Pass]) -> list[float]:
    return [one.pages_per_second for one in passes]


def _plain(sets: Sequence[MarkedSet], folder: Path) -> Pass:
    """The tutorials' way."""
    request = folder / "request.json"
    asked = {
        "model": str(embedder_folder()),
        "data": str(folder / "chroma"),
        "files": [str(file) for each in sets for file in each.files],
        "questions": [question.text for each in sets for question in each.questions],
    }
    request.write_text(json.dumps(asked), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "desktop.bench.plain_pipeline", str(request)]
    printed, used, peak = _watched(command)
    answer = json.loads(printed.splitlines()[-1])
    hits = [[(file, frozenset(pages)) for file, pages in one] for one in answer["hits"]]
    shares = _shares(sets, hits)
    return Pass(answer["pages"], answer["chunks"], answer["seconds"], used, peak, shares)


def _carrel(sets: Sequence[MarkedSet], folder: Path) -> Pass:
    """The program's own command, its start and the loading of its model included."""
    files = [str(file) for each in sets for file in each.files]
    command = [sys.executable, "-P", "-m", "desktop", "index", *files]
    command += ["--collection", _COLLECTION, "--data-dir", str(folder), "--json"]
    printed, used, peak = _watched(command)
    report = json.loads(printed.splitlines()[-1])
    pages = sum(file.get("pages", 0) for file in report["files"])
    chunks = sum(file.get("chunks", 0) for file in report["files"])
    questions = [question for each in sets for question in each.questions]
    hits = _found_by_carrel(folder, questions)
    return Pass(pages, chunks, report["seconds"], used, peak, _shares(sets, hits))


def _found_by_carrel(folder: Path, questions: Sequence[Marked]) -> list[Hits]:
    def find(_: str) -> EmbedderPlace:
        return included_place(EmbedderPrecision.AUTO)

    locations = Locations.of(folder)
    database = Database.open(locations.database)
    worker = IndexWorker(locations.index, find)
    try:
        store = DocumentStore(database)
        collection = store.collection(_COLLECTION).id
        retriever = Retriever(store, worker)
        results = (retriever.retrieve(collection, one.text, _NEAREST) for one in questions)
        return [
            [(hit.path, frozenset([hit.chunk.page_number])) for hit in result.hits]
            for result in results
        ]
    finally:
        worker.close()
        database.close()


def _shares(sets: Sequence[MarkedSet], hits: Sequence[Hits]) -> dict[str, float]:
    waiting = iter(hits)
    shares = {}
    for each in sets:
        found = [
            any(question.is_met_by(*hit) for hit in next(waiting)) for question in each.questions
        ]
        shares[each.name] = round(sum(found) / len(found), 3)
    return shares


def _watched(command: Sequence[str]) -> tuple[str, float, int]:
    """Run a program; what it printed, its processor seconds and the most memory it took."""
    before = os.times()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdout=output, stderr=complaints)
        whole, peak = psutil.Process(process.pid), 0
        while process.poll() is None:
            peak = max(peak, _memory(whole))
            time.sleep(_LOOK_EVERY_S)
        output.seek(0)
        complaints.seek(0)
        printed = output.read().decode("utf-8", "replace")
        if process.returncode != 0:
            said = complaints.read().decode("utf-8", "replace")
            raise subprocess.CalledProcessError(process.returncode, command, printed, said)
    after = os.times()
    used = after.children_user + after.children_system
    return printed, used - before.children_user - before.children_system, peak


def _memory(whole: psutil.Process) -> int:
    """An upper bound: what several processes share counts in each of them."""
    try:
        every = (whole, *whole.children(recursive=True))
        return sum(process.memory_info().rss for process in every)
    except psutil.Error:
        return 0  # one of them ended while it was looked at
