"""From a statement to the words of a passage that support it, or to the finding that none do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.chat.evidence import contradicts, names_of, numbers_of, strays
from desktop.chat.passage_words import PassageWords, Window
from desktop.chat.words import Word, WordKind, words_of
from desktop.domain.answers import Support
from desktop.domain.errors import WorkerError

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# Found with tests/bench/bench_answers.py; docs/answers.md tells the figures.
SUPPORTED_FROM = 0.62
PARTLY_FROM = 0.42
_COVERAGE, _ORDER, _SIMILARITY = 0.60, 0.10, 0.30
_CANDIDATES = 4
_WEIGHTS = {WordKind.STOP: 0.1, WordKind.PLAIN: 1.0, WordKind.NAME: 1.5, WordKind.NUMBER: 1.5}
_ASKED = 0.5  # words of the question that the answer repeats prove less
_NEAR_WORDS = 6
_LONGEST_QUOTE = 320
_WHOLE_FROM = 80  # a few words more are shown rather than a torn sentence
_PER_SENTENCE = 0.02


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one window of one passage says for and against a statement; shares are 0 to 1."""

    coverage: float
    order: float
    similarity: float | None
    numbers_absent: bool = False  # from every passage
    numbers_elsewhere: bool = False  # in another place than the window
    names_absent: bool = False  # from the passage
    denied: bool = False
    strayed: bool = False  # a stretch of words that stand neither there nor in the question


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best support found; `passage` is None where there is none.

    [start, end) are the supporting words in the passage's text.
    """

    support: Support
    score: float
    passage: int | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as it is looked up; `hints` are passages, from 0, that the model named."""

    text: str
    hints: frozenset[int] = frozenset()


def align(
    claims: Sequence[Claim], passages: Sequence[PassageWords], question: str, embed: Embed
) -> list[Alignment]:
    """Find the support of each claim among the passages."""
    asked = frozenset(word.key for word in words_of(question))
    chosen = [_likely(claim, passages, asked) for claim in claims]
    similar = _Similarities(claims, chosen, passages, embed)
    return [
        _best(claim, windows, passages, asked, similar)
        for claim, windows in zip(claims, chosen, strict=True)
    ]


def score_of(evidence: Evidence) -> float:
    """Weigh the evidence: 0 nothing, 1 word for word."""
    meaning = evidence.coverage
    if evidence.similarity is not None:
        meaning = min(1.0, max(0.0, (evidence.similarity - 0.2) / 0.65))
    score = _COVERAGE * evidence.coverage + _ORDER * evidence.order + _SIMILARITY * meaning
    if evidence.numbers_absent:
        return min(score, 0.5 * PARTLY_FROM)
    unsure = evidence.names_absent or evidence.denied or evidence.numbers_elsewhere
    if unsure or evidence.strayed:
        return min(score, 0.5 * (PARTLY_FROM + SUPPORTED_FROM))
    return score


def support_of(score: float) -> Support:
    """Put a score into words."""
    if score >= SUPPORTED_FROM:
        return Support.SUPPORTED
    return Support.PARTLY if score >= PARTLY_FROM else Support.NOT_FOUND


class _Similarities:
    """Cosines of claims and the windows that are likely for them, embedded in one go."""

    def __init__(
        self,
        claims: Sequence[Claim],
        chosen: Sequence[Sequence[Window]],
        passages: Sequence[PassageWords],
        embed: Embed,
    ) -> None:
        self._passages = passages
        texts = [claim.text for claim in claims]
        texts += [passages[w.passage].text_of(w) for windows in chosen for w in windows]
        unique = list(dict.fromkeys(texts))
        self._vectors: Mapping[str, NDArray[np.float32]] = {}
        # The answer is written: it is checked by its words alone rather than lost.
        with suppress(WorkerError):
            self._vectors = dict(zip(unique, embed(unique) if unique else (), strict=True))

    def of(self, claim: Claim, window: Window) -> float | None:
        """The cosine, None where the embedder gave none."""
        if not self._vectors:
            return None
        support = self._passages[window.passage].text_of(window)
        return float(self._vectors[claim.text] @ self._vectors[support])


def _likely(
    claim: Claim, passages: Sequence[PassageWords], asked: AbstractSet[str]
) -> list[Window]:
    """The few windows that share most words with the claim."""
    words = words_of(claim.text)
    ranked: list[tuple[float, int, Window]] = []
    for passage in passages:
        hinted = 0.05 if passage.number in claim.hints else 0.0
        for window in passage.windows:
            rank = _coverage(words, window.keys, passage.context, asked) + hinted
            # A short answer alone fits anywhere; the question tells which place is meant.
            rank += 0.25 * len(asked & window.keys) / max(1, len(asked))
            rank -= 0.001 * len(window.words)
            ranked.append((rank, -len(ranked), window))
    ranked.sort(key=lambda item: item[:2], reverse=True)
    return [window for _, _, window in ranked[:_CANDIDATES]]


def _best(
    claim: Claim,
    windows: Sequence[Window],
    passages: Sequence[PassageWords],
    asked: AbstractSet[str],
    similar: _Similarities,
) -> Alignment:
    words = words_of(claim.text)
    best, best_rank = Alignment(Support.NOT_FOUND, 0.0), float("-inf")
    for window in windows:
        passage = passages[window.passage]
        evidence = Evidence(
            coverage=_coverage(words, window.keys, passage.context, asked),
            order=_order(words, window),
            similarity=similar.of(claim, window),
            **_hard_evidence(words, window, passages, asked),
        )
        score = score_of(evidence)
        # One sentence that says it is better evidence than three.
        rank = score - _PER_SENTENCE * window.sentences
        if rank > best_rank:
            best_rank = rank
            start, end = _supporting_span(words, window, passage)
            best = Alignment(support_of(score), score, window.passage, start, end)
    if best.support is Support.NOT_FOUND:
        return Alignment(Support.NOT_FOUND, best.score)
    return best


def _coverage(
    words: Sequence[Word],
    keys: AbstractSet[str],
    context: AbstractSet[str],
    asked: AbstractSet[str],
) -> float:
    """The weighed share of the statement's words that the window holds."""
    total = found = 0.0
    for word in words:
        hard = word.kind is WordKind.NUMBER
        weight = _WEIGHTS[word.kind] * (_ASKED if word.key in asked and not hard else 1.0)
        total += weight
        if word.key in keys:
            found += weight
        elif word.key in context and not hard:
            found += 0.7 * weight
    return found / total if total else 0.0


def _order(words: Sequence[Word], window: Window) -> float:
    """The share of the statement's neighbouring words that stand near each other, in order."""
    telling = [word.key for word in words if word.kind is not WordKind.STOP]
    if len(telling) < 2:
        return 1.0 if telling and telling[0] in window.keys else 0.0
    places: dict[str, list[int]] = {}
    for at, word in enumerate(window.words):
        places.setdefault(word.key, []).append(at)
    pairs = list(zip(telling, telling[1:], strict=False))
    near = sum(
        any(
            0 < later - earlier <= _NEAR_WORDS
            for earlier in places.get(one, ())
            for later in places.get(other, ())
        )
        for one, other in pairs
    )
    return near / len(pairs)


def _hard_evidence(
    words: Sequence[Word],
    window: Window,
    passages: Sequence[PassageWords],
    asked: AbstractSet[str],
) -> dict[str, bool]:
    here = window.keys | passages[window.passage].context
    anywhere = here.union(*(passage.keys | passage.context for passage in passages))
    numbers = {word.key for word in numbers_of(words)}
    names = {word.key for word in names_of(words)}
    return {
        "numbers_absent": bool(numbers - anywhere),
        "numbers_elsewhere": bool(numbers - here),
        "names_absent": bool(names - passages[window.passage].keys - here - asked),
        "denied": contradicts(words, window.words),
        "strayed": strays(words, here | asked),
    }


def _supporting_span(
    words: Sequence[Word], window: Window, passage: PassageWords
) -> tuple[int, int]:
    """The window, or of a long one the stretch from the first to the last word in common."""
    if window.end - window.start <= _LONGEST_QUOTE:
        return window.start, window.end
    wanted = {word.key for word in words if word.kind is not WordKind.STOP}
    shared = [word for word in window.words if word.key in wanted]
    if not shared:
        return window.start, window.end
    start, end = shared[0].start, shared[-1].end
    if start - window.start < _WHOLE_FROM:
        start = window.start
    if window.end - end < _WHOLE_FROM:
        return start, window.end
    text = passage.hit.chunk.text
    while end < window.end and not text[end].isspace():
        end += 1
    return start, end
