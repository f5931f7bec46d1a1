"""From a complete draft to what storage takes; what a failure makes of a file."""

from __future__ import annotations

from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import (
    CarrelError,
    EmptyFile,
    FileChangedWhileRead,
    NeedsTextRecognition,
    PasswordNeeded,
)
from desktop.indexing.drafts import Draft, FileTask
from desktop.indexing.parts import IndexingParts
from desktop.storage.document_store import FinishedDocument


def finished_of(draft: Draft, parts: IndexingParts) -> FinishedDocument:
    """Put a draft into the form that is stored; raises `EmptyFile` where there is nothing in it.

    A document with pictures alone needs text recognition; one that holds other files is ready
    without a chunk of its own.
    """
    content, task, documents = draft.content, draft.task, parts.documents
    assert content is not None, "a complete draft has been read"
    if content.picture_pages:
        draft.drop_unreadable(content.picture_pages)
    status, error, detail = DocumentStatus.READY, "", ""
    if not draft.chunk_count and not content.inner_files:
        if not content.picture_pages and not draft.from_database:
            raise EmptyFile(task.shown)
        needed = NeedsTextRecognition(task.shown)
        status, error, detail = status_after(needed), type(needed).__name__, parts.describe(needed)
    return FinishedDocument(
        content=content,
        sha256=task.sha256,
        size_bytes=task.size_bytes,
        modified_ns=task.modified_ns,
        page_count=draft.page_count,
        pages=draft.pages(documents),
        chunk_count=draft.chunk_count,
        chunks=draft.chunks(documents),
        hashes=draft.hashes,
        vectors=draft.vectors(documents),
        embedder=parts.index.embedder,
        status=status,
        error=error,
        error_detail=detail,
        recognised_pages=draft.recognised_pages,
        inner_as_before=draft.from_database,
    )


def status_after(error: CarrelError) -> DocumentStatus:
    """How a file stands after this error."""
    if isinstance(error, PasswordNeeded):
        return DocumentStatus.NEEDS_PASSWORD
    if isinstance(error, NeedsTextRecognition):
        return DocumentStatus.NEEDS_OCR
    return DocumentStatus.FAILED


def refuse_if_changed(task: FileTask) -> None:
    """Raise `FileChangedWhileRead` where the file is not the one that was found."""
    try:
        now = task.path.stat()
    except OSError:
        raise FileChangedWhileRead(task.shown) from None
    if now.st_mtime_ns != task.modified_ns or (not task.inside and now.st_size != task.size_bytes):
        raise FileChangedWhileRead(task.shown)
