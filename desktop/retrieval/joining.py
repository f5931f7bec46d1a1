"""Which of the ranked chunks are shown: neighbours joined, copies folded, no file crowding out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.domain.documents import Chunk, Document
from desktop.retrieval.fusion import Fused
from desktop.storage.words.scripts import folded

# Two chunks that follow each other and are both good are read as one passage.
_JOINED_CHUNKS = 2
_JOINED_CHARACTERS = 2600
# How near in rank a neighbour must be to be joined.
_JOINED_DEPTH = 30
_WORD = re.compile(r"\w+")
_SHINGLE = 4
# Of the shorter one's runs of words; two versions of a clause share less.
_ALIKE = 0.9


@dataclass(slots=True)
class Shown:
    """One passage: its best chunk, and the span it covers with its neighbours."""

    best: Fused
    chunk: Chunk
    ordinals: list[int] = field(default_factory=list)
    start: int = 0
    end: int = 0


def shown_passages(
    fused: Sequence[Fused],
    chunks: Mapping[int, Chunk],
    owners: Mapping[int, Document],
    top_k: int,
    per_document: int | None = None,
) -> list[Shown]:
    """Choose at most `top_k` passages, best first.

    A chunk next to one that is shown already is joined to it; other chunks of a printed page
    wait until every better page has had its turn. What says the same as a better passage is left
    out. With `per_document`, a file has no more passages than that while others have any.
    """
    chosen = _Chosen(owners, top_k, per_document)
    for rank, item in enumerate(fused):
        if chosen.full and rank >= _JOINED_DEPTH:
            break
        chosen.take(item, chunks[item.chunk_id], rank)
    return chosen.passages()


class _Chosen:
    """What has been taken so far."""

    def __init__(
        self, owners: Mapping[int, Document], top_k: int, per_document: int | None
    ) -> None:
        self._owners = owners
        self._top_k = top_k
        self._per_document = per_document
        self._first: list[Shown] = []
        self._later: list[Shown] = []
        self._shingles: list[frozenset[tuple[str, ...]]] = []

    @property
    def full(self) -> bool:
        return len(self._first) >= self._top_k

    def take(self, item: Fused, chunk: Chunk, rank: int) -> None:
        if rank < _JOINED_DEPTH and self._join(chunk):
            return
        if self.full or self._repeats(chunk):
            return
        passage = Shown(item, chunk, [chunk.ordinal], chunk.start, chunk.end)
        (self._later if self._crowds(chunk) else self._first).append(passage)

    def passages(self) -> list[Shown]:
        return (self._first + self._later)[: self._top_k]

    def _join(self, chunk: Chunk) -> bool:
        for passage in self._first:
            if passage.chunk.document_id != chunk.document_id:
                continue
            if passage.chunk.page_number != chunk.page_number:
                continue
            near = any(abs(chunk.ordinal - one) == 1 for one in passage.ordinals)
            start, end = min(passage.start, chunk.start), max(passage.end, chunk.end)
            if near and len(passage.ordinals) < _JOINED_CHUNKS and end - start < _JOINED_CHARACTERS:
                passage.ordinals.append(chunk.ordinal)
                passage.start, passage.end = start, end
                return True
        return False

    def _crowds(self, chunk: Chunk) -> bool:
        own = [one.chunk for one in self._first if one.chunk.document_id == chunk.document_id]
        if self._per_document is not None and len(own) >= self._per_document:
            return True
        numbered = self._owners[chunk.document_id].unit.numbered
        return numbered and any(one.page_number == chunk.page_number for one in own)

    def _repeats(self, chunk: Chunk) -> bool:
        shingles = frozenset(_shingles(chunk.text))
        for known in self._shingles:
            shorter = min(len(known), len(shingles))
            longer = max(len(known), len(shingles))
            alike = len(known & shingles)
            # A part of a longer passage is no copy of it: it may be the better one to read.
            if shorter and alike >= _ALIKE * longer:
                return True
        self._shingles.append(shingles)
        return False


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(folded(text))
    if len(words) <= _SHINGLE:
        yield tuple(words)
    for at in range(len(words) - _SHINGLE + 1):
        yield tuple(words[at : at + _SHINGLE])
