"""The few sentences of the passages that stand nearest to the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.chat.alignment import Embed
from desktop.chat.rarity import Rarity
from desktop.chat.statements import has_cells, passage_spans
from desktop.chat.words import is_telling, words_of
from desktop.domain.retrieval import RetrievedChunk

_PASSAGES = 4
_PER_RANK = 0.03
_NAME_WEIGHT = 0.5
_CLEARLY_BEHIND = 0.4
_SHORTEST, _LONGEST = 15, 500
_HEADING_WORDS = 8
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2})*")
_CLAUSE_NUMBER = re.compile(
    r"^(?i:(?:section|clause|article)\s+)?(?:\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.)\s+(?=[^\W\d_])"
)


def lead_sentences(
    question: str, passages: Sequence[RetrievedChunk], embed: Embed, count: int
) -> list[str]:
    """The nearest sentences, best first: by meaning and by the question's rare words.

    A sentence far behind the best one is left out: it would only lead a small model astray.
    """
    sentences = [
        (number, sentence)
        for number, hit in enumerate(passages[:_PASSAGES])
        for sentence in _sentences(hit.chunk.text)
    ]
    if not sentences or count < 1:
        return []
    vectors = embed([question, *(sentence.compared for _, sentence in sentences)])
    rarity = Rarity([sentence.compared for _, sentence in sentences], question, _NAME_WEIGHT)
    nearness = [
        float(vectors[0] @ vector)
        + rarity.share_in(words_of(sentence.compared))
        - _PER_RANK * number
        for (number, sentence), vector in zip(sentences, vectors[1:], strict=True)
    ]
    ranked = sorted(range(len(sentences)), key=lambda at: -nearness[at])
    near = [at for at in ranked if nearness[at] >= nearness[ranked[0]] - _CLEARLY_BEHIND]
    return list(dict.fromkeys(sentences[at][1].shown for at in near))[:count]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is shown of a sentence, and the same under its heading, as it is compared."""

    shown: str
    compared: str


def _sentences(text: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    heading = ""
    for start, end in passage_spans(text):
        whole = " ".join(text[start:end].split())
        if _is_heading(whole) and not has_cells(text, start, end):
            heading = whole
            continue
        if len(whole) < _SHORTEST:
            continue
        # A clause number in front is soon taken for the answer.
        shown = _CLAUSE_NUMBER.sub("", whole)[:_LONGEST]
        found.append(_Sentence(shown, f"{heading} {shown}".strip()))
        heading = ""
    return found or [_Sentence(text[:_LONGEST], text[:_LONGEST])]


def _is_heading(sentence: str) -> bool:
    """Whether a short line has capitals only: "GOVERNING LAW", "Section 9.4 Governing Law."."""
    words = words_of(sentence)
    raw = [sentence[word.start : word.end] for word in words if is_telling(word)]
    return len(words) <= _HEADING_WORDS and all(
        one[0].isupper() or _CLAUSE.fullmatch(one) for one in raw
    )
