"""Documents of very many chunks: stored in small transactions, and shown by one short one."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from desktop.domain.documents import Document
from desktop.storage.document_erasing import CHUNKS_A_STEP, DocumentErasing
from desktop.storage.document_rows import FinishedDocument, StoredDocument
from desktop.storage.document_writing import DocumentWriting, words_of_chunks
from desktop.storage.keyword_index import names_of
from desktop.storage.stored_text import storable_text, stored_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class LargeDocuments(DocumentWriting):
    """Stores what would keep every other writer waiting if it were one transaction.

    The chunks are written under a row that says it has none, which keeps them out of every
    answer, and the last transaction makes it the document. Where an earlier version is searched
    meanwhile, the new one stands in a hidden row until then and changes places with it, so such
    a document gets another id.
    """

    def saving_in_steps(
        self, document_id: int, finished: FinishedDocument
    ) -> Generator[int, None, StoredDocument]:
        """Store a document; yields how many of its chunks are stored.

        Given up between two steps, or killed, it leaves the earlier version as it was; what was
        written is deleted by `erase_removed`. Raises `UnknownDocument` when it was removed.
        """
        stage = yield from self._stage(document_id)
        numbers = yield from self._write_pages(stage.id, finished)
        collection_id = self.document(document_id).collection_id
        first = yield from self._write_chunks(collection_id, document_id, stage.id, finished)
        stored = self._show(document_id, stage, first, numbers, finished)
        erasing = DocumentErasing(self._database)
        if stage.id != document_id:
            yield from _counted(erasing.document(document_id), finished.chunk_count)
        yield from _counted(erasing.unfinished(document_id), finished.chunk_count)
        return stored

    def _stage(self, document_id: int) -> Generator[int, None, Document]:
        """The row that the new version is written under, with no chunks yet."""
        known = self.document(document_id)
        if known.chunks:
            with self._database.transaction():
                hidden = DocumentErasing(self._database).hiding_place()
                return self.mark_reading(hidden, "", known.size_bytes, known.modified_ns)
        yield from _counted(DocumentErasing(self._database).chunks(document_id), 0)
        return known

    def _write_pages(
        self, stage_id: int, finished: FinishedDocument
    ) -> Generator[int, None, list[int]]:
        numbers: list[int] = []
        pages = iter(finished.pages)
        while part := list(islice(pages, CHUNKS_A_STEP // 8)):
            with self._database.transaction():
                numbers += [self._put_page(stage_id, page) for page in part]
            yield 0
        return numbers

    def _write_chunks(
        self, collection_id: int, document_id: int, stage_id: int, finished: FinishedDocument
    ) -> Generator[int, None, int]:
        """Write chunks, words and vectors of a few chunks at a time; return the first one's id."""
        with self._database.transaction():
            first = self._next_chunk_ids(finished.chunk_count)
        names = names_of(self.document(document_id).path, storable_text(finished.content.title))
        language = finished.content.facts.language
        chunks, hashes, done = iter(finished.chunks), iter(finished.hashes), 0
        for vectors in _small(finished.vectors):
            part = list(islice(chunks, len(vectors)))
            words = words_of_chunks(names, part, language)
            digests = list(islice(hashes, len(vectors)))
            with self._database.transaction():
                self.document(document_id)  # or it was removed meanwhile
                self._insert_chunks(stage_id, first + done, part, digests)
                self._words.add_chunks(collection_id, first + done, words)
                self._put_vectors(collection_id, stage_id, first + done, vectors, finished.embedder)
            done += len(part)
            yield done
        if done != finished.chunk_count:
            raise ValueError(f"{done} vectors for {finished.chunk_count} chunks")
        return first

    def _show(
        self,
        document_id: int,
        stage: Document,
        first: int,
        numbers: list[int],
        finished: FinishedDocument,
    ) -> StoredDocument:
        """The one transaction after which the new version is searched and the old one is not."""
        replaced: tuple[int, ...] = ()
        with self._database.transaction():
            known = self.document(document_id)
            if stage.id != document_id:
                replaced = self._hide(known, stage.collection_id)
                self._update(
                    stage.id,
                    "collection_id = ?, path = ?, parent_id = ?",
                    (known.collection_id, stored_path(known.path), known.parent_id),
                )
                self._database.execute(
                    "UPDATE documents SET parent_id = ? WHERE parent_id = ?", (stage.id, known.id)
                )
            document = self._set_finished(stage.id, finished)
            self._keep_pages(stage.id, numbers)
            self._words.add_names(document.collection_id, document.id)
            gone, inner = self._match_inner(document, finished)
        ids = tuple(range(first, first + finished.chunk_count))
        return StoredDocument(document, ids, (*replaced, *gone), inner)


def _small(parts: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    for part in parts:
        for start in range(0, len(part), CHUNKS_A_STEP):
            yield part[start : start + CHUNKS_A_STEP]


def _counted(steps: Iterator[None], count: int) -> Iterator[int]:
    for _ in steps:
        yield count
