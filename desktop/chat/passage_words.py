"""A passage made ready for alignment: its words, its sentences, and what it stands under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.chat.statements import has_cells, passage_spans
from desktop.chat.words import Word, is_telling, words_of
from desktop.domain.retrieval import RetrievedChunk

# A statement may draw on two sentences that stand side by side, seldom on three.
_WINDOW_SENTENCES = (1, 2, 3)


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
    spans = passage_spans(text)
    for size in _WINDOW_SENTENCES:
        for at in range(len(spans) - size + 1):
            start, end = spans[at][0], spans[at + size - 1][1]
            if size > 1 and has_cells(text, start, end):
                # Two rows side by side would lend each other their numbers.
                continue
            inside = tuple(word for word in words if start <= word.start < end)
            if inside:
                keys = frozenset(word.key for word in inside)
                yield Window(number, start, end, inside, keys, size)
