"""When "not in these documents" is the right answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.chat.rarity import Rarity
from desktop.chat.words import words_of
from desktop.domain.answers import Statement, Support
from desktop.domain.retrieval import RetrievedChunk

NOT_IN_DOCUMENTS = "This is not in these documents."

# Both must be low: a passage may be near in meaning without sharing a rare word, or hold the
# very name that was asked for in a sentence of another kind (docs/answers.md has the figures).
SIMILARITY_TOO_LOW = 0.35
COVERAGE_TOO_LOW = 0.5
# Without this much of either, the other alone does not carry an answer.
_SIMILARITY_FAR = 0.2
_COVERAGE_FAR = 0.15

_SAYS_NOT = re.compile(
    r"\bnot (?:\w+ ){0,3}(?:in|by) (?:the|these|this|any of the) "
    r"(?:documents?|passages?|text|context)\b"
    r"|\b(?:documents?|passages?|text|context) (?:do|does) not "
    r"(?:say|state|mention|contain|provide|hold|specify|include|answer)\b",
    re.IGNORECASE,
)
_SHORT_CHARACTERS = 200


def nothing_near(question: str, passages: Sequence[RetrievedChunk]) -> bool:
    """Whether retrieval found nothing that an answer could stand on."""
    if not passages:
        return True
    coverage = best_coverage(question, passages)
    known = [hit.similarity for hit in passages if hit.similarity is not None]
    if not known:
        return coverage < _COVERAGE_FAR
    similarity = max(known)
    return (
        similarity < SIMILARITY_TOO_LOW and coverage < COVERAGE_TOO_LOW
    ) or similarity < _SIMILARITY_FAR


def best_coverage(question: str, passages: Sequence[RetrievedChunk]) -> float:
    """The largest share of the question's telling words that one passage holds."""
    texts = [_whole_text(hit) for hit in passages]
    rarity = Rarity(texts, question)
    return max((rarity.share_in(words_of(text)) for text in texts), default=0.0)


def nothing_supported(draft: str, statements: Sequence[Statement]) -> bool:
    """Whether what the model wrote says itself that it found nothing, or rests on nothing."""
    if len(draft) <= _SHORT_CHARACTERS and _SAYS_NOT.search(draft):
        return True
    return all(statement.support is Support.NOT_FOUND for statement in statements)


def _whole_text(hit: RetrievedChunk) -> str:
    return "\n".join((hit.title, *hit.chunk.heading_path, hit.chunk.text))
