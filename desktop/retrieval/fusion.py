"""Two ranked lists in, one out: scores normalised, weighed, added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Scored = Sequence[tuple[int, float]]

# Found on four sets of questions; reciprocal ranks did worse there (docs/retrieval.md).
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


def fuse(
    keyword: Scored,
    vector: Scored,
    further: Mapping[int, float] | None = None,
    vector_weight: float = VECTOR_WEIGHT,
    named: Mapping[int, float] | None = None,
) -> list[Fused]:
    """Order the chunks of both lists, each best first, by their weighed normalised scores.

    `further` holds the similarities of chunks that the vector search did not list; `named` is
    added for chunks of documents that the question names. A list alone keeps its own order. Equal
    scores are ordered by id, so that the same question always gives the same answer.
    """
    if not keyword or not vector:
        vector_weight = 0.0 if keyword else 1.0
    words, similarities = dict(keyword), {**(further or {}), **dict(vector)}
    from_words, from_meaning = _shares_of_best(words), _places_in_range(similarities)
    keyword_ranks, vector_ranks = _ranks(keyword), _ranks(vector)
    fused = [
        Fused(
            chunk_id,
            (1 - vector_weight) * from_words.get(chunk_id, 0.0)
            + vector_weight * from_meaning.get(chunk_id, 0.0)
            + (named or {}).get(chunk_id, 0.0),
            keyword_ranks.get(chunk_id),
            words.get(chunk_id),
            vector_ranks.get(chunk_id),
            similarities.get(chunk_id),
        )
        for chunk_id in words.keys() | dict(vector).keys()
    ]
    return sorted(fused, key=lambda item: (-item.score, item.chunk_id))


def _shares_of_best(scores: Mapping[int, float]) -> Mapping[int, float]:
    # BM25 has a true zero: a chunk that shares no word with the question.
    high = max(scores.values(), default=0.0)
    return {one: score / high if high > 0 else 1.0 for one, score in scores.items()}


def _places_in_range(scores: Mapping[int, float]) -> Mapping[int, float]:
    # Cosines have none: what is unlike the question is still at 0.1 or so.
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {one: (score - low) / (high - low) for one, score in scores.items()}


def _ranks(scored: Scored) -> Mapping[int, int]:
    return {chunk_id: rank for rank, (chunk_id, _) in enumerate(scored, start=1)}
