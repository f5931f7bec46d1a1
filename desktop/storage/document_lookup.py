"""Documents as they are found: by id, by path, by content, by what they wait for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop.domain.documents import Document
from desktop.domain.errors import UnknownDocument
from desktop.storage.database import Database
from desktop.storage.document_rows import COLUMNS, document_of
from desktop.storage.stored_text import stored_path


class DocumentLookup:
    """Reads only; `DocumentStore` writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def documents(
        self, collection_id: int, limit: int | None = None, offset: int = 0
    ) -> list[Document]:
        """Return a collection's documents by path."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE collection_id = ? "
            "ORDER BY path LIMIT ? OFFSET ?",
            (collection_id, -1 if limit is None else limit, offset),
        )
        return [document_of(row) for row in rows]

    def document(self, document_id: int) -> Document:
        """Raises `UnknownDocument`."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE id = ?", (document_id,)
        )
        if not rows:
            raise UnknownDocument(document_id)
        return document_of(rows[0])

    def documents_by_id(self, document_ids: Iterable[int]) -> dict[int, Document]:
        """Return those of the documents that are there, in the order asked for."""
        wanted = list(dict.fromkeys(document_ids))
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        found = {row[0]: document_of(row) for row in rows}
        return {one: found[one] for one in wanted if one in found}

    def document_at(self, collection_id: int, path: str) -> Document | None:
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE collection_id = ? AND path = ?",
            (collection_id, stored_path(path)),
        )
        return document_of(rows[0]) if rows else None

    def documents_inside(self, document_id: int) -> list[Document]:
        """Return the documents that lie directly in another one, in the order of its content."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE parent_id = ? ORDER BY id", (document_id,)
        )
        return [document_of(row) for row in rows]

    def same_content(self, sha256: str) -> list[Document]:
        """Return the finished files with this content, in any collection."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE sha256 = ? AND parent_id IS NULL "
            "AND status = 'ready' AND collection_id IN "
            "(SELECT id FROM collections WHERE removed = 0) ORDER BY id",
            (sha256,),
        )
        return [document_of(row) for row in rows]

    def pictured(self, collection_id: int) -> list[tuple[Document, tuple[int, ...]]]:
        """Return the documents with pages that wait for text recognition, and those pages."""
        rows = self._database.execute(
            f"SELECT {COLUMNS}, picture_pages FROM documents "
            "WHERE collection_id = ? AND picture_pages <> '[]' ORDER BY id",
            (collection_id,),
        )
        return [(document_of(row[:-1]), tuple(json.loads(row[-1]))) for row in rows]

    def picture_pages(self, document_id: int) -> tuple[int, ...]:
        """Return the numbers of the pages that wait for text recognition."""
        rows = self._database.execute(
            "SELECT picture_pages FROM documents WHERE id = ?", (document_id,)
        )
        return tuple(json.loads(rows[0][0])) if rows else ()

    def text_hashes(self, document_id: int) -> list[bytes | None]:
        """Return the hash of each chunk's embedded text, in order; None in old documents."""
        rows = self._database.execute(
            "SELECT text_hash FROM chunks WHERE document_id = ? ORDER BY ordinal", (document_id,)
        )
        return [digest for (digest,) in rows]

    def warnings(self, document_id: int) -> tuple[str, ...]:
        """Return what was said of a document when it was read."""
        rows = self._database.execute("SELECT warnings FROM documents WHERE id = ?", (document_id,))
        return tuple(json.loads(rows[0][0])) if rows else ()

    def interrupted(self) -> list[Document]:
        """Return the documents that were being read when the program was killed."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM documents WHERE status = 'reading' AND collection_id IN "
            "(SELECT id FROM collections WHERE removed = 0) ORDER BY id"
        )
        return [document_of(row) for row in rows]
