"""The rows of a finished document."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from desktop.domain.documents import Chunk, Document, DocumentStatus
from desktop.storage.database import Database
from desktop.storage.document_removal import DocumentRemoval
from desktop.storage.document_rows import FinishedDocument, chunk_rows, page_row
from desktop.storage.keyword_index import ChunkWords, KeywordIndex, words_of
from desktop.storage.packed_page import PackedPage
from desktop.storage.stored_text import storable_text
from desktop.storage.vector_table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class DocumentWriting(DocumentRemoval):
    """Writes pages, chunks, vectors and the row; what belongs together is for its callers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)
        self._vectors = VectorTable(database)

    def _set_finished(self, document_id: int, finished: FinishedDocument) -> Document:
        content = finished.content
        return self._update(
            document_id,
            "status = ?, error = ?, error_detail = ?, sha256 = ?, size_bytes = ?, "
            "modified_ns = ?, title = ?, kind = ?, pages = ?, chunks = ?, unit = ?, "
            "warnings = ?, indexed_at = ?, facts = ?, inner_files = ?, picture_pages = ?, "
            "recognised_pages = ?",
            (
                finished.status,
                finished.error,
                storable_text(finished.error_detail),
                finished.sha256,
                finished.size_bytes,
                finished.modified_ns,
                storable_text(content.title),
                content.kind,
                finished.page_count,
                finished.chunk_count,
                content.unit,
                json.dumps(content.warnings),
                time.time(),
                json.dumps(asdict(content.facts)),
                len(content.inner_files),
                json.dumps(content.picture_pages),
                finished.recognised_pages,
            ),
        )

    def _put_page(self, document_id: int, page: PackedPage) -> int:
        self._database.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", page_row(document_id, page)
        )
        return page.number

    def _keep_pages(self, document_id: int, numbers: Sequence[int]) -> None:
        """Delete the pages of an earlier version that this one has not."""
        self._database.execute(
            "DELETE FROM pages WHERE document_id = ? AND number NOT IN "
            "(SELECT value FROM json_each(?))",
            (document_id, json.dumps(numbers)),
        )

    def _next_chunk_ids(self, count: int) -> int:
        """Take so many ids that follow each other, which vectors are stored by; the first one."""
        last = self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        if last:
            self._database.execute(
                "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'chunks'", (count,)
            )
        else:
            self._database.execute("INSERT INTO sqlite_sequence VALUES ('chunks', ?)", (count,))
        return int(last[0][0]) + 1 if last else 1

    def _insert_chunks(
        self,
        document_id: int,
        first: int,
        chunks: Iterable[Chunk],
        hashes: Iterable[bytes | None],
    ) -> None:
        self._database.execute_many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            chunk_rows(first, document_id, chunks, hashes),
        )

    def _insert_vectors(
        self,
        collection_id: int,
        document_id: int,
        first: int,
        finished: FinishedDocument,
    ) -> None:
        done = 0
        for part in finished.vectors:
            self._put_vectors(collection_id, document_id, first + done, part, finished.embedder)
            done += len(part)
        if done != finished.chunk_count:
            raise ValueError(f"{done} vectors for {finished.chunk_count} chunks")

    def _put_vectors(
        self,
        collection_id: int,
        document_id: int,
        first: int,
        part: NDArray[np.float32],
        embedder: str,
    ) -> None:
        self._vectors.add(collection_id, document_id, first, part, embedder)

    def _match_inner(
        self, parent: Document, finished: FinishedDocument
    ) -> tuple[list[int], tuple[Document, ...]]:
        """Bring the rows of the documents inside another one in line with what lies in it now."""
        removed: list[int] = []
        if finished.inner_as_before:
            return removed, ()
        paths = {f"{parent.path}/{one.name}": one for one in finished.content.inner_files}
        for known in self.documents_inside(parent.id):
            if known.path not in paths:
                removed += self._clear(known)
                self._database.execute("DELETE FROM documents WHERE id = ?", (known.id,))
        waiting = []
        for path, inner in paths.items():
            row = self.mark_reading(
                parent.collection_id, path, inner.size_bytes, parent.modified_ns, parent.id
            )
            waiting.append(self.mark_failed(row.id, DocumentStatus.WAITING, "", ""))
        return removed, tuple(waiting)


def words_of_chunks(names: str, chunks: Iterable[Chunk], language: str) -> list[ChunkWords]:
    """The words of chunks as they are about to be stored, made outside a transaction."""
    return [
        words_of(
            names,
            [storable_text(heading) for heading in chunk.heading_path],
            storable_text(chunk.context),
            storable_text(chunk.text),
            language,
        )
        for chunk in chunks
    ]
