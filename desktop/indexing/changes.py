"""What is to be done with each file that was found, and what is gone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.documents import Document, DocumentStatus, FileOutcome
from desktop.domain.errors import (
    FileChangedWhileRead,
    FileMissing,
    FileUnreadable,
    ReaderDied,
    ReaderTimedOut,
    Skipped,
    WorkerDied,
    WorkerTimedOut,
)
from desktop.indexing.drafts import FileTask
from desktop.indexing.scanning import FoundFile
from desktop.storage.document_store import DocumentStore

# It took the reader down once, or a person wants it left alone: opened again only by name.
_SET_ASIDE = frozenset(kind.__name__ for kind in (ReaderDied, ReaderTimedOut, Skipped))
# What may be otherwise the next time, though the file is the same.
_PASSING = frozenset(
    kind.__name__
    for kind in (FileChangedWhileRead, FileMissing, FileUnreadable, WorkerDied, WorkerTimedOut)
)
_UNFINISHED = (DocumentStatus.WAITING, DocumentStatus.READING)


class KnownDocuments:
    """A collection's documents as they were stored, by path and by the document they lie in."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.by_path = {one.path: one for one in documents if one.parent_id is None}
        self._inside: dict[int, list[Document]] = {}
        for one in documents:
            if one.parent_id is not None:
                self._inside.setdefault(one.parent_id, []).append(one)

    def inside(self, document: Document) -> list[Document]:
        """The documents directly in this one."""
        return self._inside.get(document.id, [])


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides by size, date and status alone whether a document is left as it is.

    `again` is set where the person asked for these files: what failed before is tried again then.
    """

    known: KnownDocuments
    again: bool
    has_passwords: bool

    def verdicts(self, file: FoundFile) -> Iterator[FileOutcome | FileTask]:
        """Say for a file, and for those inside it, what became of it or that it is to be read."""
        document = self.known.by_path.get(file.path)
        if (
            document is not None
            and document.modified_ns == file.modified_ns
            and document.size_bytes == file.size_bytes
            and not self._to_read(document, file.named)
        ):
            yield outcome_of(document)
            if document.inner_files:
                yield from self._inner(document, _task(file, document))
        else:
            yield _task(file, document)

    def _inner(self, parent: Document, task: FileTask) -> Iterator[FileOutcome | FileTask]:
        for document in self.known.inside(parent):
            inner = inner_task(task, parent, document)
            if self._to_read(document, named=False):
                yield inner
            else:
                yield outcome_of(document)
                yield from self._inner(document, inner)

    def _to_read(self, document: Document, named: bool) -> bool:
        if document.status is DocumentStatus.READY:
            return False
        if document.status in _UNFINISHED or named:
            return True
        if document.error in _SET_ASIDE or document.status is DocumentStatus.NEEDS_OCR:
            return False
        if document.status is DocumentStatus.NEEDS_PASSWORD:
            return self.again and self.has_passwords
        return self.again or document.error in _PASSING


def _task(file: FoundFile, document: Document | None) -> FileTask:
    return FileTask(Path(file.path), file.path, file.size_bytes, file.modified_ns, known=document)


def outcome_of(document: Document) -> FileOutcome:
    """What is said of a document that was left as it is."""
    if document.status is DocumentStatus.READY:
        return FileOutcome(
            document.path, DocumentStatus.UNCHANGED, "", document.pages, document.chunks
        )
    return FileOutcome(document.path, document.status, document.error_detail)


def inner_task(outer: FileTask, parent: Document, document: Document) -> FileTask:
    """The task of reading a document that lies directly in `parent`, which `outer` reads."""
    name = document.path[len(parent.path) + 1 :]
    return FileTask(
        outer.path,
        document.path,
        document.size_bytes,
        outer.modified_ns,
        (*outer.inside, name),
        document,
        # It has no file to hash; it is what it is as long as what it lies in stays the same.
        hashlib.sha256(os.fsencode(f"{parent.sha256}/{name}")).hexdigest(),
    )


def way_to(document: Document, documents: DocumentStore) -> FileTask:
    """The task of reading a stored document again, through the documents it lies in."""
    if document.parent_id is None:
        return FileTask(
            Path(document.path),
            document.path,
            document.size_bytes,
            document.modified_ns,
            known=document,
            sha256=document.sha256,
        )
    parent = documents.document(document.parent_id)
    return inner_task(way_to(parent, documents), parent, document)


def gone(
    known: KnownDocuments, root: Path, found: set[str], unreachable: Sequence[str]
) -> list[Document]:
    """The documents at and under `root` whose files are there no more.

    What lies under an unreachable path is not gone: a drive may be missing.
    """
    top = str(root)
    under = os.path.join(top, "")
    return [
        document
        for path, document in known.by_path.items()
        if (path == top or path.startswith(under))
        and path not in found
        and not any(path == one or path.startswith(os.path.join(one, "")) for one in unreachable)
    ]
