"""The few sentences of the passages that stand nearest to the question."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.chat.alignment import Embed
from desktop.chat.rarity import Rarity
from desktop.chat.statements import sentence_spans
from desktop.chat.words import words_of
from desktop.domain.retrieval import RetrievedChunk

_PASSAGES = 4
_PER_RANK = 0.03
_NAME_WEIGHT = 0.5
_SHORTEST, _LONGEST = 15, 500


def lead_sentences(
    question: str, passages: Sequence[RetrievedChunk], embed: Embed, count: int
) -> list[str]:
    """The nearest sentences, best first: by meaning and by the question's rare words."""
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
    return list(dict.fromkeys(sentences[at][1] for at in ranked))[:count]


def _sentences(text: str) -> list[str]:
    spans = [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]
    return [one[:_LONGEST] for one in spans if len(one) >= _SHORTEST] or [text[:_LONGEST]]
