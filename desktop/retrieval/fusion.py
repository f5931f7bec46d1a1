"""Two ranked lists in, one out: scores normalised, weighed, added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Scored = Sequence[tuple[int, float]]

# Found on three sets of questions; reciprocal ranks did worse there (docs/retrieval.md).
VECTOR_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Fused:
    """One chunk after fusion; ranks count from 1, None where a search missed it."""

    chunk_id: int
    score: float
    keyword_rank: int | None
    keyword_score: float | None
    vector_rank: int | None
    vector_score: float | None


def fuse(keyword: Scored, vector: Scored, vector_weight: float = VECTOR_WEIGHT) -> list[Fused]:
    """Order the chunks of both lists, each best first, by their weighed normalised scores.

    A list alone keeps its own order. Equal scores are ordered by id, so that the same question
    always gives the same answer.
    """
    if not keyword or not vector:
        vector_weight = 0.0 if keyword else 1.0
    keyword_scores, vector_scores = dict(keyword), dict(vector)
    keyword_parts, vector_parts = _normalised(keyword), _normalised(vector)
    keyword_ranks, vector_ranks = _ranks(keyword), _ranks(vector)
    fused = [
        Fused(
            chunk_id,
            (1 - vector_weight) * keyword_parts.get(chunk_id, 0.0)
            + vector_weight * vector_parts.get(chunk_id, 0.0),
            keyword_ranks.get(chunk_id),
            keyword_scores.get(chunk_id),
            vector_ranks.get(chunk_id),
            vector_scores.get(chunk_id),
        )
        for chunk_id in keyword_scores.keys() | vector_scores.keys()
    ]
    return sorted(fused, key=lambda item: (-item.score, item.chunk_id))


def _normalised(scored: Scored) -> Mapping[int, float]:
    if not scored:
        return {}
    values = [score for _, score in scored]
    low, high = min(values), max(values)
    if high <= low:
        return {chunk_id: 1.0 for chunk_id, _ in scored}
    return {chunk_id: (score - low) / (high - low) for chunk_id, score in scored}


def _ranks(scored: Scored) -> Mapping[int, int]:
    return {chunk_id: rank for rank, (chunk_id, _) in enumerate(scored, start=1)}
