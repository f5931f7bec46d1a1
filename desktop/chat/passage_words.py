"""A passage made ready for alignment: its words, its sentences, and what it stands under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.chat.statements import sentence_spans
from desktop.chat.words import Word, is_telling, words_of
from desktop.domain.retrieval import RetrievedChunk

# A statement may draw on two sentences that stand side by side, seldom on three.
_WINDOW_SENTENCES = (1, 2, 3)
_LONG_SENTENCE_WORDS = 60


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of a passage: words[first:last]; [start, end) of its text."""

    passage: int
    start: int
    end: int
    words: tuple[Word, ...]
    keys: frozenset[str]
    sentences: int


@dataclass(frozen=True, slots=True)
class PassageWords:
    """`number` is the passage's place in the prompt from 0; `context` what its headings say."""

    number: int
    hit: RetrievedChunk
    keys: frozenset[str]
    context: frozenset[str]
    windows: tuple[Window, ...]

    def text_of(self, window: Window) -> str:
        return self.hit.chunk.text[window.start : window.end]


def passage_words(number: int, hit: RetrievedChunk) -> PassageWords:
    """Read one passage."""
    text = hit.chunk.text
    words = words_of(text)
    above = words_of(" \n".join((hit.title, *hit.chunk.heading_path)))
    return PassageWords(
        number=number,
        hit=hit,
        keys=frozenset(word.key for word in words),
        context=frozenset(word.key for word in above if is_telling(word)),
        windows=tuple(_windows(number, text, words)),
    )


def _windows(number: int, text: str, words: list[Word]) -> Iterator[Window]:
    spans = _spans(text, words)
    for size in _WINDOW_SENTENCES:
        for at in range(len(spans) - size + 1):
            start, end = spans[at][0], spans[at + size - 1][1]
            inside = tuple(word for word in words if start <= word.start < end)
            if inside:
                keys = frozenset(word.key for word in inside)
                yield Window(number, start, end, inside, keys, size)


def _spans(text: str, words: list[Word]) -> list[tuple[int, int]]:
    """Sentences; very long ones, as in tables without full stops, by line."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        inside = sum(start <= word.start < end for word in words)
        if inside <= _LONG_SENTENCE_WORDS or "\n" not in text[start:end]:
            spans.append((start, end))
            continue
        at = start
        for line in text[start:end].splitlines(keepends=True):
            if line.strip():
                spans.append((at, at + len(line.rstrip())))
            at += len(line)
    return spans
