"""Documents: how each one stands, and the one transaction that makes it searchable."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from desktop.domain.documents import (
    Chunk,
    Document,
    DocumentContent,
    DocumentFacts,
    DocumentKind,
    DocumentStatus,
    PageUnit,
)
from desktop.domain.errors import UnknownDocument
from desktop.storage.chunk_store import ChunkStore
from desktop.storage.collection_store import CollectionStore
from desktop.storage.database import Database, Row
from desktop.storage.index_state import IndexState
from desktop.storage.keyword_index import KeywordIndex
from desktop.storage.page_layout import pack_layout
from desktop.storage.stored_text import path_of, storable_text, stored_path
from desktop.storage.vector_table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLUMNS = """
    id, collection_id, path, title, kind, status, sha256, size_bytes, modified_ns, pages, chunks,
    unit, error, error_detail, indexed_at, facts
"""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What `save_ready` did: the ids to add to the vector index, and those to take out of it."""

    document: Document
    chunk_ids: tuple[int, ...]
    replaced_chunk_ids: tuple[int, ...]


class DocumentStore(CollectionStore, ChunkStore, IndexState):
    """The one door to documents; collections, chunks and the index flag come from its parents.

    While a document is read anew, and when that fails, the version stored before stays searchable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)
        self._vectors = VectorTable(database)

    def documents(
        self, collection_id: int, limit: int | None = None, offset: int = 0
    ) -> list[Document]:
        """Return a collection's documents by path."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE collection_id = ? "
            "ORDER BY path LIMIT ? OFFSET ?",
            (collection_id, -1 if limit is None else limit, offset),
        )
        return [_document(row) for row in rows]

    def document(self, document_id: int) -> Document:
        """Raises `UnknownDocument`."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE id = ?", (document_id,)
        )
        if not rows:
            raise UnknownDocument(document_id)
        return _document(rows[0])

    def document_at(self, collection_id: int, path: str) -> Document | None:
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE collection_id = ? AND path = ?",
            (collection_id, stored_path(path)),
        )
        return _document(rows[0]) if rows else None

    def interrupted(self) -> list[Document]:
        """Return the documents that were being read when the program was killed."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE status = 'reading' AND collection_id IN "
            "(SELECT id FROM collections WHERE removed = 0) ORDER BY id"
        )
        return [_document(row) for row in rows]

    def mark_reading(
        self, collection_id: int, path: str, size_bytes: int, modified_ns: int
    ) -> Document:
        """Note, before the file is opened, that it is about to be read."""
        title = storable_text(os.path.basename(path))
        [row] = self._database.execute(
            "INSERT INTO documents (collection_id, path, title, status, size_bytes, modified_ns) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (collection_id, path) DO UPDATE SET "
            "status = excluded.status, size_bytes = excluded.size_bytes, "
            "modified_ns = excluded.modified_ns, error = '', error_detail = '' "
            f"RETURNING {_COLUMNS}",
            (
                collection_id,
                stored_path(path),
                title,
                DocumentStatus.READING,
                size_bytes,
                modified_ns,
            ),
        )
        return _document(row)

    def mark_failed(
        self, document_id: int, status: DocumentStatus, error_type: str, detail: str
    ) -> Document:
        """Note why a file was not read: `error_type` names the error, `detail` is its sentence."""
        return self._update(
            document_id,
            "status = ?, error = ?, error_detail = ?",
            (status, error_type, storable_text(detail)),
        )

    def mark_unchanged(self, document_id: int, size_bytes: int, modified_ns: int) -> Document:
        """Note that the content is the one already stored, whatever the file's date says."""
        return self._update(
            document_id,
            "status = 'ready', error = '', error_detail = '', size_bytes = ?, modified_ns = ?",
            (size_bytes, modified_ns),
        )

    def save_ready(
        self,
        document_id: int,
        content: DocumentContent,
        sha256: str,
        size_bytes: int,
        modified_ns: int,
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        embedder: str,
    ) -> StoredDocument:
        """Store pages, chunks, words and vectors in one transaction, in place of what was there.

        `vectors` has one row for each chunk. Raises `UnknownDocument` when it was removed.
        """
        if vectors.ndim != 2 or len(vectors) != len(chunks):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(chunks)} chunks")
        with self._database.transaction():
            collection_id = self.document(document_id).collection_id
            replaced = self._clear(collection_id, document_id)
            file = (sha256, size_bytes, modified_ns)
            document = self._set_ready(document_id, content, file, len(chunks))
            self._insert_pages(document_id, content)
            first = self._insert_chunks(document_id, chunks)
            self._words.add(collection_id, document_id)
            self._vectors.add(collection_id, document_id, first, vectors, embedder)
        return StoredDocument(document, tuple(range(first, first + len(chunks))), replaced)

    def remove_document(self, document_id: int) -> tuple[int, ...]:
        """Remove a document and return the ids its chunks had; raises `UnknownDocument`.

        `erase_removed` then takes its words out of the file too.
        """
        with self._database.transaction():
            removed = self._clear(self.document(document_id).collection_id, document_id)
            self._database.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        return removed

    def _update(self, document_id: int, change: str, values: tuple[object, ...]) -> Document:
        rows = self._database.execute(
            f"UPDATE documents SET {change} WHERE id = ? RETURNING {_COLUMNS}",
            (*values, document_id),
        )
        if not rows:
            raise UnknownDocument(document_id)
        return _document(rows[0])

    def _set_ready(
        self, document_id: int, content: DocumentContent, file: tuple[str, int, int], chunks: int
    ) -> Document:
        return self._update(
            document_id,
            "status = 'ready', error = '', error_detail = '', sha256 = ?, size_bytes = ?, "
            "modified_ns = ?, title = ?, kind = ?, pages = ?, chunks = ?, unit = ?, "
            "warnings = ?, indexed_at = ?, facts = ?",
            (
                *file,
                storable_text(content.title),
                content.kind,
                len(content.pages),
                chunks,
                content.unit,
                json.dumps(content.warnings),
                time.time(),
                json.dumps(asdict(content.facts)),
            ),
        )

    def _clear(self, collection_id: int, document_id: int) -> tuple[int, ...]:
        rows = self._database.execute(
            "SELECT id FROM chunks WHERE document_id = ? ORDER BY id", (document_id,)
        )
        if rows:
            self._database.execute(
                "UPDATE collections SET unerased = unerased + 1 WHERE id = ?", (collection_id,)
            )
            # The words first: they are forgotten by the text that still stands in `chunks`.
            self._words.forget(collection_id, document_id)
        for table in ("vector_runs", "chunks", "pages"):
            self._database.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
        return tuple(row[0] for row in rows)

    def _insert_pages(self, document_id: int, content: DocumentContent) -> None:
        self._database.execute_many(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    document_id,
                    page.number,
                    storable_text(page.text),
                    pack_layout(page.blocks, page.lines),
                    page.width,
                    page.height,
                    storable_text(page.name),
                )
                for page in content.pages
            ),
        )

    def _insert_chunks(self, document_id: int, chunks: Sequence[Chunk]) -> int:
        """Insert with ids that follow each other, which vectors are stored by; return the first."""
        last = self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        first = int(last[0][0]) + 1 if last else 1
        self._database.execute_many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            _chunk_rows(first, document_id, chunks),
        )
        return first


def _chunk_rows(
    first: int, document_id: int, chunks: Sequence[Chunk]
) -> Iterator[tuple[object, ...]]:
    for chunk_id, chunk in enumerate(chunks, first):
        headings = [storable_text(heading) for heading in chunk.heading_path]
        yield (
            chunk_id,
            document_id,
            chunk.ordinal,
            chunk.page_number,
            chunk.start,
            chunk.end,
            # Not escaped to ASCII: the keyword index reads this text too.
            json.dumps(headings, ensure_ascii=False),
            storable_text(chunk.text),
        )


def _document(row: Row) -> Document:
    return Document(
        id=row[0],
        collection_id=row[1],
        path=path_of(row[2]),
        title=row[3],
        kind=DocumentKind(row[4]) if row[4] else None,
        status=DocumentStatus(row[5]),
        sha256=row[6],
        size_bytes=row[7],
        modified_ns=row[8],
        pages=row[9],
        chunks=row[10],
        unit=PageUnit(row[11]),
        error=row[12],
        error_detail=row[13],
        indexed_at=row[14],
        facts=DocumentFacts(**json.loads(row[15])),
    )
