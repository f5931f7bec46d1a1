"""Retrieval quality from the real files: by words, by meaning, and both together."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from desktop.bench.question_sets import QuestionSet
from desktop.domain.models import EmbedderPlace, EmbedderPrecision
from desktop.domain.retrieval import SearchMode
from desktop.inference.embedder_loading import included_place
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.retriever import Retriever
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations

_TOP = 10
_MODES = (SearchMode.KEYWORD, SearchMode.VECTOR, SearchMode.HYBRID)


@dataclass(frozen=True, slots=True)
class Quality:
    """What one way of searching reached; only the first right hit of a question counts."""

    hit_at_1: float
    hit_at_5: float
    hit_at_10: float
    ndcg_at_10: float
    p50_ms: float
    p95_ms: float

    @staticmethod
    def of(ranks: Sequence[int | None], seconds: Sequence[float]) -> Quality:
        """`ranks` has the rank of each question's first right hit, from 1, None without one."""
        found = [rank for rank in ranks if rank is not None]
        count = len(ranks)
        p50, p95 = np.percentile(seconds, [50, 95]) * 1000
        return Quality(
            hit_at_1=round(sum(rank == 1 for rank in found) / count, 3),
            hit_at_5=round(sum(rank <= 5 for rank in found) / count, 3),
            hit_at_10=round(len(found) / count, 3),
            ndcg_at_10=round(sum(1 / math.log2(rank + 1) for rank in found) / count, 3),
            p50_ms=round(float(p50), 1),
            p95_ms=round(float(p95), 1),
        )


def measure_retrieval(
    sets: Path, names: Sequence[str], data: Path, limit: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Index each set's files, where `data` does not hold them yet, and ask its questions.

    Raises `FileMissing`, and `subprocess.CalledProcessError` where indexing fails.
    """
    chosen = [QuestionSet.load(sets, name, limit) for name in names]
    measured = {}
    for each in chosen:
        say(f"{each.name}: reading")
        chunks = _indexed(each, data)
        say(f"{each.name}: asking {len(each.questions)} questions, each three times")
        with _retriever(data) as (store, retriever):
            collection = store.collection(_collection(each)).id
            reached = {mode.value: _reached(each, retriever, collection, mode) for mode in _MODES}
        measured[each.name] = {
            "questions": len(each.questions),
            "chunks": chunks,
            "modes": {mode: asdict(quality) for mode, quality in reached.items()},
        }
    return {
        "embedder": included_place(EmbedderPrecision.AUTO).precision,
        "sets": measured,
    }


def _collection(questions: QuestionSet) -> str:
    return questions.name.replace("/", " ")


def _indexed(questions: QuestionSet, data: Path) -> int:
    """Bring the set's files into the data folder with the program's own command."""
    command = [sys.executable, "-P", "-m", "desktop", "index", str(questions.files)]
    command += ["--collection", _collection(questions), "--data-dir", str(data), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    return sum(file.get("chunks", 0) for file in report["files"])


@contextmanager
def _retriever(data: Path) -> Iterator[tuple[DocumentStore, Retriever]]:
    def find(_: str) -> EmbedderPlace:
        return included_place(EmbedderPrecision.AUTO)

    locations = Locations.of(data)
    database = Database.open(locations.database)
    worker = IndexWorker(locations.index, find)
    try:
        store = DocumentStore(database)
        yield store, Retriever(store, worker)
    finally:
        worker.close()
        database.close()


def _reached(
    questions: QuestionSet, retriever: Retriever, collection: int, mode: SearchMode
) -> Quality:
    ranks: list[int | None] = []
    seconds: list[float] = []
    for question in questions.questions:
        started = time.perf_counter()
        hits = retriever.retrieve(collection, question.text, _TOP, mode).hits
        seconds.append(time.perf_counter() - started)
        right = (
            rank
            for rank, hit in enumerate(hits, start=1)
            if any(place.is_met_by(hit, questions.folder) for place in question.places)
        )
        ranks.append(next(right, None))
    return Quality.of(ranks, seconds)
