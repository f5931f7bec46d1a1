"""The best candidates ordered anew by a model that reads question and passage together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from desktop.domain.documents import Chunk
from desktop.retrieval.fusion import Fused

# So many are read again; each costs about as much as an embedded passage.
RERANKED = 30


class Reranking(Protocol):
    """Scores passages for a question, wherever the model runs."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each passage, higher better. Raises `WorkerError` and `ModelDamaged`."""
        ...


def reranked(
    question: str, fused: Sequence[Fused], chunks: Mapping[int, Chunk], model: Reranking
) -> list[Fused]:
    """The same chunks, the first `RERANKED` of them in the model's order.

    Their scores are spread anew between those that they had, so that the rest stays behind them.
    """
    head, tail = list(fused[:RERANKED]), list(fused[RERANKED:])
    texts = ["\n".join(_lines(chunks[item.chunk_id])) for item in head]
    scored = zip(model.scores(question, texts), head, strict=True)
    order = sorted(scored, key=lambda pair: (-pair[0], pair[1].chunk_id))
    scores = sorted((item.score for item in head), reverse=True)
    moved = [replace(item, score=score) for score, (_, item) in zip(scores, order, strict=True)]
    return moved + tail


def _lines(chunk: Chunk) -> Sequence[str]:
    above = " > ".join(chunk.heading_path)
    return [line for line in (above, chunk.context, chunk.text) if line]
