"""What the model has written so far, and whether that is enough."""

from __future__ import annotations

import re

from desktop.chat.statements import sentence_spans
from desktop.chat.words import words_of

_ENDS = ".!?。！？"
_CLOSES = "\"'”’)*_|` "
# Three to thirteen words said twice in a row; bounded, so that a long text costs little.
_AT_ONCE_AGAIN = re.compile(r"\b(\w+(?:\W+\w+){2,12}?)\W+\1\b", re.IGNORECASE)


class Draft:
    """Collects the pieces of an answer of at most `sentences` sentences; 0 is no limit."""

    def __init__(self, sentences: int) -> None:
        self.text = ""
        self._sentences = sentences
        self._looked_to = 0

    def add(self, piece: str) -> None:
        self.text += piece

    def is_enough(self) -> bool:
        """Whether the answer has its sentences, or a model has begun to repeat itself.

        Looked at only where a sentence has just ended, and the next one begun.
        """
        fresh = self.text[self._looked_to :]
        if not any(mark in fresh[:-1] for mark in _ENDS + "\n"):
            return False
        self._looked_to = len(self.text) - 1
        spans = sentence_spans(self.text)
        whole = [self.text[start:end] for start, end in spans[:-1]]
        keys = [key for sentence in whole if len(key := _key(sentence)) > 2]
        return len(keys) > len(set(keys)) or bool(self._sentences and len(keys) >= self._sentences)


def tidied(text: str, cut_short: bool, sentences: int = 0) -> str:
    """Drop repeated sentences and those over the limit.

    Where sentences are counted the model is a small one: a half one that ran out of room is
    dropped too, and words that it says twice in a row are said once.
    """
    spans = sentence_spans(text)
    if sentences and cut_short:
        spans = _without_a_half_one(text, spans)
    kept: list[str] = []
    seen: set[tuple[str, ...]] = set()
    done = 0
    for start, end in spans:
        key = _key(text[start:end])
        full = bool(sentences) and sum(len(one) > 2 for one in seen) >= sentences
        if not full and (len(key) <= 2 or key not in seen):
            kept.append(text[done:end])
        seen.add(key)
        done = end
    whole = "".join(kept).strip()
    return _AT_ONCE_AGAIN.sub(r"\1", whole) if sentences else whole


def _without_a_half_one(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(spans) < 2 or _is_whole(text[spans[-1][0] : spans[-1][1]]):
        return spans
    return spans[:-1]


def _is_whole(sentence: str) -> bool:
    return sentence.rstrip(_CLOSES)[-1:] in (*_ENDS, ":", "")


def _key(sentence: str) -> tuple[str, ...]:
    return tuple(word.key for word in words_of(sentence))
