"""A document between being read and being stored, in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.domain.documents import Chunk, Document, DocumentContent
from desktop.indexing.chunking import Passage
from desktop.storage.document_store import DocumentStore
from desktop.storage.packed_page import PackedPage

Vector = NDArray[np.float32]

# A document with more chunks keeps their vectors in the database while it is embedded: that
# bounds the memory, and a stop or a kill loses no more than so many.
KEPT_IN_MEMORY = 512
_PART = 256


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to bring up to date: the one at `path`, or the one that `inside` leads to from there.

    `shown` is the path of its document; `known` is the document as it was stored before.
    """

    path: Path
    shown: str
    size_bytes: int
    modified_ns: int
    inside: tuple[str, ...] = ()
    known: Document | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages of a document, packed, with their passages and the hashes of these."""

    pages: tuple[PackedPage, ...]
    passages: tuple[Passage, ...]
    hashes: tuple[bytes, ...]


class Draft:
    """Collects pages, the places of chunks, and vectors, until all are there.

    A chunk's text is a span of its page's, so only the places are kept.
    """

    def __init__(self, task: FileTask, document: Document, *, from_database: bool = False) -> None:
        self.task = task
        self.document = document
        self.from_database = from_database
        # What a read returned; None while pages still come.
        self.content: DocumentContent | None = None
        self.recognised_pages = 0
        self.dropped = False
        # Parts that came before the embedder had said who it is, and are not counted yet.
        self.held_parts = 0
        self.hashes: list[bytes] = []
        self._pages: list[PackedPage] | None = None if from_database else []
        self.page_count = 0
        # Page number, start and end of each chunk, three numbers in a row.
        self._places = array("Q")
        # Heading path and context of each chunk; those of neighbours are mostly the same objects.
        self._around: list[tuple[tuple[str, ...], str]] = []
        self._vectors: dict[int, Vector] = {}
        self._kept = 0

    @property
    def chunk_count(self) -> int:
        return len(self.hashes)

    @property
    def complete(self) -> bool:
        """Whether all is read and every chunk has its vector."""
        if self.content is None or self.dropped or self.held_parts:
            return False
        return self._kept + len(self._vectors) == self.chunk_count

    def add(self, part: Part) -> range:
        """Take a part and return the ordinals of its chunks."""
        first = self.chunk_count
        self.page_count += len(part.pages)
        if self._pages is not None:
            self._pages += part.pages
        for passage in part.passages:
            chunk = passage.chunk
            self._places.extend((chunk.page_number, chunk.start, chunk.end))
            around = (chunk.heading_path, chunk.context)
            if self._around and self._around[-1] == around:
                around = self._around[-1]
            self._around.append(around)
        self.hashes += part.hashes
        return range(first, self.chunk_count)

    def set_vector(self, ordinal: int, vector: Vector) -> None:
        self._vectors[ordinal] = vector

    def keep_some(self, documents: DocumentStore, embedder: str) -> None:
        """Move vectors into the database where the document has become a long one."""
        while self.chunk_count > KEPT_IN_MEMORY:
            upto = self._kept + _PART
            part = [self._vectors.get(at) for at in range(self._kept, upto)]
            vectors = [vector for vector in part if vector is not None]
            if len(vectors) < _PART:
                return
            hashes = self.hashes[self._kept : upto]
            documents.keep_vectors(self.document.id, self._kept, hashes, vectors, embedder)
            for at in range(self._kept, upto):
                del self._vectors[at]
            self._kept = upto

    def drop_unreadable(self, picture_pages: Sequence[int]) -> None:
        """Drop every chunk where none stands on a page with text of its own.

        A page without a usable character map has text, and it is nonsense.
        """
        unreadable = set(picture_pages)
        if all(number in unreadable for number in self._places[::3]):
            self.hashes, self._places, self._vectors, self._kept = [], array("Q"), {}, 0

    def pages(self, documents: DocumentStore) -> Iterator[PackedPage]:
        if self._pages is None:
            yield from documents.packed_pages(self.document.id)
        else:
            yield from self._pages

    def chunks(self, documents: DocumentStore) -> Iterator[Chunk]:
        """Yield the chunks in order, their texts taken from the pages."""
        at = 0
        for page in self.pages(documents):
            text = ""
            while at < self.chunk_count and self._places[3 * at] == page.number:
                text = text or page.plain_text()
                _, start, end = self._places[3 * at : 3 * at + 3]
                path, context = self._around[at]
                yield Chunk(0, 0, at, page.number, start, end, text[start:end], path, context)
                at += 1

    def vectors(self, documents: DocumentStore) -> Iterator[NDArray[np.float32]]:
        """Yield all vectors in order, part by part."""
        for _, part in documents.kept_vectors(self.document.id, self._kept):
            yield part
        rest = [self._vectors[at] for at in range(self._kept, self.chunk_count)]
        if rest:
            yield np.stack(rest)
