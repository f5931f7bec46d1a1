"""Retrieval quality from the real files: `python -m tests.bench.bench_retrieval --set squad`."""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentIndexed, IndexReport
from desktop.domain.retrieval import SearchMode
from desktop.indexing.leftovers import check_index
from desktop.retrieval.retriever import Retriever
from tests.bench.question_sets import SETS, QuestionSet
from tests.support.real_desk import RealDesk

TOP_K = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """What one way of searching reached; only the first right hit of a question counts."""

    hit_at_1: float
    hit_at_10: float
    ndcg_at_10: float
    mrr: float
    median_ms: float
    p95_ms: float

    @staticmethod
    def of(ranks: Sequence[int | None], seconds: Sequence[float]) -> Quality:
        found = [rank for rank in ranks if rank is not None]
        count = len(ranks)
        times = sorted(seconds)
        return Quality(
            hit_at_1=sum(rank == 1 for rank in found) / count,
            hit_at_10=len(found) / count,
            ndcg_at_10=sum(1 / math.log2(rank + 1) for rank in found) / count,
            mrr=sum(1 / rank for rank in found) / count,
            median_ms=1000 * statistics.median(times),
            p95_ms=1000 * times[int(0.95 * (len(times) - 1))],
        )


def measure(questions: QuestionSet, retriever: Retriever, collection: int) -> dict[str, Quality]:
    """Ask every question in every mode."""
    return {mode.value: _measure(questions, retriever, collection, mode) for mode in SearchMode}


def _measure(
    questions: QuestionSet, retriever: Retriever, collection: int, mode: SearchMode
) -> Quality:
    ranks: list[int | None] = []
    seconds: list[float] = []
    for question in questions.questions:
        result = retriever.retrieve(collection, question.text, TOP_K, mode)
        seconds.append(result.seconds)
        ranks.append(
            next(
                (
                    rank
                    for rank, hit in enumerate(result.hits, start=1)
                    if any(place.is_met_by(hit, questions.folder) for place in question.places)
                ),
                None,
            )
        )
    return Quality.of(ranks, seconds)


def run(name: str, limit: int | None, data: Path | None) -> dict[str, Quality]:
    """Index the set's files, where `data` does not hold them yet, and print what is reached."""
    questions = QuestionSet.load(name, limit)
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = stack.enter_context(RealDesk.open(folder))
        collection = desk.store.create_collection(name)
        report: object = None
        for report in desk.events([questions.files], collection):
            if isinstance(report, DocumentIndexed):
                print(".", end="", flush=True)
        assert isinstance(report, IndexReport)
        chunks = sum(file.chunks for file in report.files)
        print(f"\n{name}: {report.counts}, {report.pages_read} pages read, {chunks} chunks, "
              f"{report.seconds:.1f} s")  # fmt: skip
        check_index(desk.store, desk.index, CancelToken())
        reached = measure(questions, desk.retriever, collection.id)
    print(f"{len(questions.questions)} questions      hit@1  hit@10  nDCG@10   MRR   ms   p95")
    for mode, quality in reached.items():
        print(
            f"  {mode:18} {quality.hit_at_1:7.3f} {quality.hit_at_10:7.3f} "
            f"{quality.ndcg_at_10:8.3f} {quality.mrr:6.3f} "
            f"{quality.median_ms:5.1f} {quality.p95_ms:5.1f}"
        )
    return reached


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="name", choices=SETS, default="squad")
    parser.add_argument("--limit", type=int, help="ask that many questions only")
    parser.add_argument("--data-dir", type=Path, help="keep the index here for the next time")
    chosen = parser.parse_args()
    run(chosen.name, chosen.limit, chosen.data_dir)


if __name__ == "__main__":
    main()
