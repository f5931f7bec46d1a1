"""The few sentences of the passages that stand nearest to the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.chat.alignment import Embed
from desktop.chat.rarity import Rarity
from desktop.chat.statements import passage_spans
from desktop.chat.words import words_of
from desktop.domain.retrieval import RetrievedChunk

_PASSAGES = 4
_PER_RANK = 0.03
_NAME_WEIGHT = 0.5
_CLEARLY_BEHIND = 0.4
_SHORTEST, _LONGEST = 15, 500
_CLAUSE_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.)\s+(?=[^\W\d_])")


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
    vectors = embed([question, *(sentence for _, sentence in sentences)])
    rarity = Rarity([sentence for _, sentence in sentences], question, _NAME_WEIGHT)
    nearness = [
        float(vectors[0] @ vector) + rarity.share_in(words_of(sentence)) - _PER_RANK * number
        for (number, sentence), vector in zip(sentences, vectors[1:], strict=True)
    ]
    ranked = sorted(range(len(sentences)), key=lambda at: -nearness[at])
    near = [at for at in ranked if nearness[at] >= nearness[ranked[0]] - _CLEARLY_BEHIND]
    return list(dict.fromkeys(sentences[at][1] for at in near))[:count]


def _sentences(text: str) -> list[str]:
    spans = [" ".join(text[start:end].split()) for start, end in passage_spans(text)]
    return [
        # A clause number in front is soon taken for the answer.
        _CLAUSE_NUMBER.sub("", one)[:_LONGEST]
        for one in spans
        if len(one) >= _SHORTEST
    ] or [text[:_LONGEST]]
