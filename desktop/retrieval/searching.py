"""The two searches of one question, by words and by meaning, and their scores together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.retrieval import SearchMode
from desktop.retrieval.fusion import VECTOR_WEIGHT, Fused, Scored, fuse
from desktop.retrieval.index import Index
from desktop.retrieval.legibility import legibility
from desktop.retrieval.naming import Naming
from desktop.retrieval.query import Query
from desktop.retrieval.scope import Scope
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore
from desktop.storage.words.asked import WordsAsked
from desktop.storage.words.scripts import folded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Search:
    """One question on its way: where it is asked, how deep, and which documents it names.

    `scope` is None where no filter holds; `named` are the documents that are looked into on their
    own too, None where none is named.
    """

    collection_id: int
    query: Query
    depth: int
    scope: Scope | None
    naming: Naming
    named: Scope | None


class Searching:
    """Asks the keyword index and the vectors of one connection."""

    def __init__(self, documents: DocumentStore, index: Index) -> None:
        self._documents = documents
        self._index = index
        self._vectors = VectorIndex(documents, index.vectors)

    def fused(self, search: Search, mode: SearchMode, cancel: CancelToken | None) -> list[Fused]:
        """Every chunk that was weighed, best first."""
        if mode is SearchMode.VECTOR:
            found, _ = self._by_meaning(search, self._vector(search, cancel))
            return self._allowed(search, fuse([], found))
        by_words, must = self._by_words(search)
        if mode is SearchMode.KEYWORD:
            return fuse(by_words, [], named=self._gains(search, by_words))
        vector = self._vector(search, cancel)
        by_meaning, near_named = self._by_meaning(search, vector)
        by_meaning = _merged(by_meaning, near_named)
        if must:
            words = dict(by_words)
            by_meaning = [item for item in by_meaning if item[0] in words]
        known = {chunk_id for chunk_id, _ in by_meaning}
        missed = [chunk_id for chunk_id, _ in by_words if chunk_id not in known]
        # What the words alone found has a similarity too; without it, it would count as zero.
        further = self._vectors.similarities(search.collection_id, vector, missed)
        weight = VECTOR_WEIGHT * self._legibility(search.query.embedded)
        gains = self._gains(search, [*by_words, *by_meaning])
        return self._allowed(search, fuse(by_words, by_meaning, further, weight, gains))

    def _vector(self, search: Search, cancel: CancelToken | None) -> Vector:
        embedder = self._documents.embedder(search.collection_id)
        return self._index.embed_question(search.query.embedded, embedder, cancel)

    def _legibility(self, text: str) -> float:
        return legibility(text, self._index.pieces(text))

    def _by_meaning(self, search: Search, vector: Vector) -> tuple[Scored, Scored]:
        """The nearest chunks everywhere, and those in the documents that the question names."""
        among = search.scope.chunk_ids() if search.scope else None
        found = self._vectors.search(search.collection_id, vector, search.depth, among)
        if search.named is None:
            return found, []
        named = search.named.chunk_ids()
        near = self._vectors.search(search.collection_id, vector, search.depth // 2, named)
        return found, near

    def _by_words(self, search: Search) -> tuple[Scored, bool]:
        """What the words find, and whether nothing else may be shown."""
        query = search.query
        if query.loose is None:
            return self._words(search, query.asked), False
        exact = self._with_exact_words(search, self._words(search, query.asked))
        # A phrase that is nowhere is asked for word by word: better than an empty page.
        return (exact, True) if exact else (self._words(search, query.loose), False)

    def _words(self, search: Search, asked: WordsAsked) -> Scored:
        asked = search.naming.used_up(asked)
        ranges = search.scope.ranges if search.scope else None
        find = self._documents.keyword_search
        found = find(search.collection_id, asked, search.depth, ranges)
        if search.named is None:
            return found
        named = search.named.ranges
        return _merged(found, find(search.collection_id, asked, search.depth // 2, named))

    def _with_exact_words(self, search: Search, found: Scored) -> Scored:
        """Those that hold the phrases in quotes letter by letter; all, where none does."""
        chunks = self._documents.chunks(chunk_id for chunk_id, _ in found)
        phrases = [_one_line(phrase) for phrase in search.query.exact]
        exact = [
            (chunk_id, score)
            for chunk_id, score in found
            if chunk_id in chunks
            and all(phrase in _one_line(chunks[chunk_id].text) for phrase in phrases)
        ]
        return exact or found

    def _gains(self, search: Search, found: Iterable[tuple[int, float]]) -> dict[int, float]:
        ids = [chunk_id for chunk_id, _ in found]
        return search.naming.gains(self._documents.owners_of(ids))

    def _allowed(self, search: Search, fused: list[Fused]) -> list[Fused]:
        """Without the chunks that hold a word that was typed to be left out."""
        excluded = search.query.asked.excluded
        if not excluded:
            return fused
        ids = [item.chunk_id for item in fused]
        held = self._documents.word_search.holding(search.collection_id, ids, excluded)
        return [item for item in fused if item.chunk_id not in held]


def _merged(first: Scored, second: Scored) -> Scored:
    found = {**dict(second), **dict(first)}
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _one_line(text: str) -> str:
    return " ".join(folded(text).split())
