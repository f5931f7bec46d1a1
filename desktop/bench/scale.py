"""Searching, opening, building and deleting at three sizes, beside an exact search."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from desktop.bench.scale_corpus import RealTexts, embedded, real_texts
from desktop.bench.scale_run import ScaleRun
from desktop.domain.cancel import CancelToken
from desktop.domain.models import EmbedderPrecision
from desktop.inference.embedder_loading import included_place
from desktop.retrieval.index_worker import IndexWorker

SIZES = (10_000, 100_000, 1_000_000)
HOW_MADE = (
    "Real passages of four sets with their real embeddings; beyond their number, passages "
    "recombined from real sentences, with vectors mixed from the embeddings of the passages they "
    "came from and moved in a direction of their own. The questions and their embeddings are real."
)
_PASSAGES = 3000
_QUESTIONS = 200

Tell = Callable[[str], None]


def measure_scale(
    sets: Path, data: Path, sizes: Sequence[int], tell: Tell, cancel: CancelToken
) -> dict[str, Any]:
    """Measure every size; `sets` has the retrieval sets, `data` keeps what is built.

    Nothing that `data` holds from an earlier run is made again.
    """
    real = _real(sets, data, tell, cancel)
    results = []
    for size in sizes:
        run = ScaleRun(data / f"scale-{size}", size, real, tell, cancel)
        try:
            results.append(asdict(run.result()))
        finally:
            run.close()
    return {
        "corpus": HOW_MADE,
        "real_passages": len(real.passages),
        "questions": len(real.questions),
        "embed_question_ms": round(real.embed_question_ms, 1),
        "sizes": results,
    }


def _real(sets: Path, data: Path, tell: Tell, cancel: CancelToken) -> RealTexts:
    """Embed the real texts, or take them from where an earlier run left them."""
    passages, questions = real_texts(sets, _PASSAGES, _QUESTIONS)
    index = IndexWorker(data / "embedding", lambda _: included_place(EmbedderPrecision.AUTO))
    try:
        index.warm(cancel)
        kept = data / f"embeddings-{_key(index.embedder, passages, questions)}.npy"
        if not kept.exists():
            data.mkdir(parents=True, exist_ok=True)
            np.save(kept, embedded([*passages, *questions], index, cancel, tell))
        vectors = np.load(kept)
        seconds = []
        for question in questions[:20]:
            started = time.perf_counter()
            index.embed([question])
            seconds.append(time.perf_counter() - started)
    finally:
        index.close()
    return RealTexts(
        tuple(passages),
        tuple(questions),
        vectors[: len(passages)],
        vectors[len(passages) :],
        1000 * float(np.median(seconds)),
    )


def _key(embedder: str, passages: Sequence[str], questions: Sequence[str]) -> str:
    said = "\0".join([embedder, *passages, *questions])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
