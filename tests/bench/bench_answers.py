"""Checking and refusing, measured on squad: `python -m tests.bench.bench_answers --limit 100`."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.bench.question_sets import QuestionSet
from desktop.chat.alignment import Claim, Embed, align
from desktop.chat.passage_words import PassageWords, passage_words
from desktop.chat.refusal import best_coverage, nothing_near
from desktop.chat.words import is_telling, words_of
from desktop.domain.answers import Support
from desktop.domain.retrieval import RetrievedChunk
from desktop.retrieval.retriever import Retriever
from tests.bench.labelled_statements import (
    FALSE_KINDS,
    TRUE_KINDS,
    Labelled,
    labelled,
    rows,
    unanswerable_questions,
)
from tests.support.real_desk import RealDesk
from tests.support.shared_data import shared_data

PASSAGES = 6
_DEEP = 60
Checker = Callable[[Labelled, Sequence[PassageWords]], float]


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """Shares by kind: of true statements accepted, of false ones caught."""

    right: dict[str, float]
    counts: dict[str, int]
    seconds_per_statement: float

    @property
    def balanced_accuracy(self) -> float:
        return (self._mean(TRUE_KINDS) + self._mean(FALSE_KINDS)) / 2

    def _mean(self, kinds: Iterable[str]) -> float:
        known = [kind for kind in kinds if kind in self.counts]
        total = sum(self.counts[kind] for kind in known)
        return sum(self.right[kind] * self.counts[kind] for kind in known) / total


@dataclass(frozen=True, slots=True)
class RefusalFigures:
    """The share of questions refused before anything is generated, by sort of question."""

    refused: dict[str, float]
    nearness: dict[str, list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one run; baselines as balanced accuracy and shares by kind."""

    checked: CheckFigures
    baselines: dict[str, tuple[float, dict[str, float]]]
    refusal: RefusalFigures


def check_figures(
    statements: Sequence[Labelled], given: Sequence[Sequence[RetrievedChunk]], embed: Embed
) -> CheckFigures:
    """Check each statement against the passages its question retrieves."""
    right: dict[str, list[bool]] = defaultdict(list)
    started = time.perf_counter()
    for statement, hits in zip(statements, given, strict=True):
        passages = [passage_words(*item) for item in enumerate(hits)]
        [found] = align([Claim(statement.text)], passages, statement.question, embed)
        right[statement.kind].append((found.support is Support.SUPPORTED) == statement.true)
    seconds = (time.perf_counter() - started) / max(1, len(statements))
    return CheckFigures(_shares(right), {kind: len(all_) for kind, all_ in right.items()}, seconds)


def baseline_figures(
    statements: Sequence[Labelled], given: Sequence[Sequence[RetrievedChunk]], embed: Embed
) -> dict[str, tuple[float, dict[str, float]]]:
    """Overlap of words alone and cosine alone, each at its own best threshold."""
    overlaps = [
        max((_overlap(statement.text, hit.chunk.text) for hit in hits), default=0.0)
        for statement, hits in zip(statements, given, strict=True)
    ]
    cosines = []
    for statement, hits in zip(statements, given, strict=True):
        vectors = embed([statement.text, *(hit.chunk.text for hit in hits)])
        cosines.append(float(np.max(vectors[1:] @ vectors[0])) if hits else 0.0)
    return {
        "words alone": _at_best_threshold(statements, overlaps),
        "cosine alone": _at_best_threshold(statements, cosines),
    }


def refusal_figures(questions: dict[str, list[list[RetrievedChunk]]],
                    texts: dict[str, list[str]]) -> RefusalFigures:  # fmt: skip
    """How many questions of each sort are refused by what was retrieved."""
    refused: dict[str, list[bool]] = defaultdict(list)
    nearness: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for sort, found in questions.items():
        for text, hits in zip(texts[sort], found, strict=True):
            refused[sort].append(nothing_near(text, hits))
            similarity = max((hit.similarity or 0.0 for hit in hits), default=0.0)
            nearness[sort].append((similarity, best_coverage(text, hits)))
    return RefusalFigures(_shares(refused), nearness)


def questions_by_sort(
    limit: int, retriever: Retriever, collection_id: int
) -> tuple[dict[str, list[list[RetrievedChunk]]], dict[str, list[str]]]:
    """Answerable questions, the same with their document left out, and unanswerable ones."""
    known = QuestionSet.load(shared_data("retrieval"), "squad", limit)
    texts: dict[str, list[str]] = defaultdict(list)
    found: dict[str, list[list[RetrievedChunk]]] = defaultdict(list)
    for question in known.questions:
        hits = retriever.retrieve(collection_id, question.text, _DEEP).hits
        files = {place.file for place in question.places}
        rest = [hit for hit in hits if not any(hit.path.endswith(file) for file in files)]
        for sort, kept in (("answerable", list(hits)), ("document left out", rest)):
            texts[sort].append(question.text)
            found[sort].append(kept[:PASSAGES])
    for text in unanswerable_questions(limit):
        texts["unanswerable, close"].append(text)
        hits = retriever.retrieve(collection_id, text, PASSAGES).hits
        found["unanswerable, close"].append(list(hits))
    return found, texts


def _overlap(statement: str, passage: str) -> float:
    said = {word.key for word in words_of(statement) if is_telling(word)}
    return len(said & {word.key for word in words_of(passage)}) / max(1, len(said))


def _at_best_threshold(
    statements: Sequence[Labelled], scores: Sequence[float]
) -> tuple[float, dict[str, float]]:
    best: tuple[float, dict[str, float]] = (0.0, {})
    for threshold in sorted(set(scores)):
        right: dict[str, list[bool]] = defaultdict(list)
        for statement, score in zip(statements, scores, strict=True):
            right[statement.kind].append((score >= threshold) == statement.true)
        counts = {kind: len(all_) for kind, all_ in right.items()}
        figures = CheckFigures(_shares(right), counts, 0.0)
        if figures.balanced_accuracy > best[0]:
            best = (figures.balanced_accuracy, figures.right)
    return best


def _shares(right: dict[str, list[bool]]) -> dict[str, float]:
    return {kind: sum(all_) / len(all_) for kind, all_ in right.items()}


def run(limit: int, data: Path | None) -> Figures:
    """Index squad, where `data` does not hold it yet, and print what is reached."""
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = stack.enter_context(RealDesk.open(folder))
        collection = desk.store.create_collection("squad")
        desk.run([shared_data("retrieval", "squad", "files")], collection)
        retriever, embed = desk.retriever, desk.index.embed
        statements = labelled(rows(limit))
        found: dict[str, Sequence[RetrievedChunk]] = {}
        for question in dict.fromkeys(statement.question for statement in statements):
            found[question] = retriever.retrieve(collection.id, question, PASSAGES).hits
        given = [found[statement.question] for statement in statements]
        checked = check_figures(statements, given, embed)
        baselines = baseline_figures(statements, given, embed)
        _print_checks(checked, baselines)
        refused = refusal_figures(*questions_by_sort(limit, retriever, collection.id))
    for sort, share in refused.refused.items():
        print(f"refused before generating, {sort}: {share:.3f} of {len(refused.nearness[sort])}")
    return Figures(checked, baselines, refused)


def _print_checks(
    checked: CheckFigures, baselines: dict[str, tuple[float, dict[str, float]]]
) -> None:
    kinds = [kind for kind in (*TRUE_KINDS, *FALSE_KINDS) if kind in checked.counts]
    print("right, by kind".ljust(18), *(f"{kind:>10}" for kind in kinds), "  balanced")
    print("statements".ljust(18), *(f"{checked.counts[kind]:10}" for kind in kinds))
    lines = {"checker": (checked.balanced_accuracy, checked.right), **baselines}
    for name, (balanced, right) in lines.items():
        shown = (f"{right[kind]:10.3f}" for kind in kinds)
        print(name.ljust(18), *shown, f"{balanced:10.3f}")
    print(f"{1000 * checked.seconds_per_statement:.0f} ms a statement")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=100, help="questions to build from")
    parser.add_argument("--data-dir", type=Path, help="keep the index here for the next time")
    chosen = parser.parse_args()
    run(chosen.limit, chosen.data_dir)


if __name__ == "__main__":
    main()
