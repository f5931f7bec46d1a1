"""When "not in these documents" is the right answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.chat.rarity import Rarity
from desktop.chat.words import words_of
from desktop.domain.answers import Statement, Support
from desktop.domain.retrieval import RetrievedChunk

NOT_IN_DOCUMENTS = "This is not in these documents."

# Similarity of the nearest passage, and with half its weight the share of the question's telling
# words in one passage. Below this 2 of 100 answerable questions are refused, and 79 of 100 whose
# document is not there (tests/bench/bench_answers.py, docs/answers.md).
NEAR_ENOUGH = 0.61
_COVERAGE_WEIGHT = 0.5
# "What does the apartment cost?" shares no word with the rent of a flat.
_SIMILAR_ALONE = 0.5
# Where only keywords were searched there is no similarity to weigh.
_COVERAGE_ALONE = 0.35

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
        return coverage < _COVERAGE_ALONE
    similarity = max(known)
    return similarity < _SIMILAR_ALONE and similarity + _COVERAGE_WEIGHT * coverage < NEAR_ENOUGH


def best_coverage(question: str, passages: Sequence[RetrievedChunk]) -> float:
    """The largest share of the question's telling words that one passage holds.

    A question without any ("What is this about?") is met by every passage.
    """
    texts = [_whole_text(hit) for hit in passages]
    rarity = Rarity(texts, question)
    if rarity.asks_nothing:
        return 1.0
    return max((rarity.share_in(words_of(text)) for text in texts), default=0.0)


def nothing_supported(draft: str, statements: Sequence[Statement]) -> bool:
    """Whether what the model wrote says itself that it found nothing, or rests on nothing."""
    if len(draft) <= _SHORT_CHARACTERS and _SAYS_NOT.search(draft):
        return True
    return all(statement.support is Support.NOT_FOUND for statement in statements)


def _whole_text(hit: RetrievedChunk) -> str:
    return "\n".join((hit.title, *hit.chunk.heading_path, hit.chunk.text))
