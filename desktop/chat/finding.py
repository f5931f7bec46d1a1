"""Find passages for a question, also for one that spends most of its words on naming a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from desktop.chat.words import Word, WordKind, is_telling, words_of
from desktop.domain.retrieval import RetrievedChunk, SearchResult
from desktop.retrieval.retriever import Retriever

# "Which law governs the Supply Agreement between Fenwick Ltd and Alder Ltd?": a question whose
# names outweigh the rest finds the page that names the parties, not the clause.
_NAMES = 4
_NAMED_DOCUMENTS = 2
_JOINING = frozenset({"and", "between", "of", "the", "by", "for", "with", "in", "to", "a"})
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What was found by the whole question, the passages to answer from, best first, and the
    question without the names that only say which document is meant."""

    result: SearchResult
    passages: tuple[RetrievedChunk, ...]
    aim: str


def find(retriever: Retriever, collection_id: int, question: str, top_k: int) -> Found:
    """Search by the whole question; in the documents it names, also by what it asks of them."""
    result = retriever.retrieve(collection_id, question, top_k)
    aim = without_names(question)
    if aim == question or not result.hits:
        return Found(result, result.hits, question)
    named = list(dict.fromkeys(hit.document_id for hit in result.hits))[:_NAMED_DOCUMENTS]
    aimed = [
        hit
        for hit in retriever.retrieve(collection_id, aim, _DEPTH).hits
        if hit.document_id in named
    ]
    return Found(result, tuple(_joined(result.hits, aimed))[:top_k], aim)


def without_names(question: str) -> str:
    """The question with each long run of names put as "the document"."""
    words = words_of(question)
    if not any(is_telling(word) and word.kind is not WordKind.NAME for word in words):
        return question
    shortened, done = "", 0
    for start, end in _name_runs(words):
        shortened += _ARTICLE.sub("", question[done:start]) + "the document"
        # The full stop of "Ltd." goes with its name.
        done = end + (question[end : end + 1] == "." and end + 1 < len(question))
    return shortened + question[done:]


def _name_runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The character spans of names joined by small words, where they are `_NAMES` or more."""
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and (word.kind is WordKind.NAME or word.key in _JOINING):
            run.append(word)
            continue
        places = [at for at, one in enumerate(run) if one.kind is WordKind.NAME]
        if len(places) >= _NAMES:
            yield run[places[0]].start, run[places[-1]].end
        run = []


def _joined(
    first: Sequence[RetrievedChunk], second: Sequence[RetrievedChunk]
) -> Iterator[RetrievedChunk]:
    """Both lists by turns, each chunk once; `score` falls with the new order."""
    seen: set[int] = set()
    for pair in zip_longest(first, second):
        for hit in pair:
            if hit is not None and hit.chunk.id not in seen:
                seen.add(hit.chunk.id)
                yield replace(hit, score=1.0 / len(seen))
