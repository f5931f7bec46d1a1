"""How a document stands, noted from one moment to the next."""

from __future__ import annotations

import os

from desktop.domain.documents import Document, DocumentStatus
from desktop.domain.errors import UnknownDocument
from desktop.storage.document_lookup import DocumentLookup
from desktop.storage.document_rows import COLUMNS, document_of
from desktop.storage.stored_text import storable_text, stored_path


class DocumentMarks(DocumentLookup):
    """Writes the document's own row alone."""

    def mark_reading(
        self,
        collection_id: int,
        path: str,
        size_bytes: int,
        modified_ns: int,
        parent_id: int | None = None,
    ) -> Document:
        """Note, before the file is opened, that it is about to be read."""
        title = storable_text(os.path.basename(path))
        [row] = self._database.execute(
            "INSERT INTO documents "
            "(collection_id, path, title, status, size_bytes, modified_ns, parent_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (collection_id, path) DO UPDATE SET "
            "status = excluded.status, size_bytes = excluded.size_bytes, "
            "modified_ns = excluded.modified_ns, error = '', error_detail = '' "
            f"RETURNING {COLUMNS}",
            (
                collection_id,
                stored_path(path),
                title,
                DocumentStatus.READING,
                size_bytes,
                modified_ns,
                parent_id,
            ),
        )
        return document_of(row)

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

    def mark_lost(self, document_id: int, error_type: str, detail: str) -> Document:
        """Note that what is stored cannot be relied on: the next reading stores it anew."""
        return self._update(
            document_id,
            "status = 'failed', error = ?, error_detail = ?, sha256 = ''",
            (error_type, storable_text(detail)),
        )

    def mark_touched(self, document_id: int, size_bytes: int, modified_ns: int) -> Document:
        """Note another date of the same content, however the document stands."""
        document = self.document(document_id)
        if document.status is not DocumentStatus.NEEDS_OCR:
            return self.mark_unchanged(document_id, size_bytes, modified_ns)
        return self._update(
            document_id, "size_bytes = ?, modified_ns = ?", (size_bytes, modified_ns)
        )

    def give_up_pictures(self, document_id: int, error_type: str, detail: str) -> Document:
        """Note that the pages that waited for text recognition will not get any.

        A document with text of its own stays ready; one without says why it has none.
        """
        with self._database.transaction():
            document = self._update(document_id, "picture_pages = '[]'", ())
            if document.status is not DocumentStatus.NEEDS_OCR:
                return document
            return self.mark_failed(document_id, DocumentStatus.NEEDS_OCR, error_type, detail)

    def _update(self, document_id: int, change: str, values: tuple[object, ...]) -> Document:
        rows = self._database.execute(
            f"UPDATE documents SET {change} WHERE id = ? RETURNING {COLUMNS}",
            (*values, document_id),
        )
        if not rows:
            raise UnknownDocument(document_id)
        return document_of(rows[0])
