"""The library's running jobs, and the one that reads files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.assistant.events import Event, Failed, JobId
from desktop.domain.documents import Document, DocumentIndexed, IndexProgress, IndexReport

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class LibraryJobs(QObject):
    """There is one indexing lane, so whoever started the reading, its progress is shown here."""

    advanced = Signal(object)  # IndexProgress
    document_read = Signal(object)  # FileOutcome
    ended = Signal()  # a job that changed the library is over
    failed = Signal(object)  # CarrelError

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._own: set[JobId] = set()
        self._reading: JobId | None = None

    def index(self, paths: Sequence[Path], collection: str) -> None:
        self._own.add(self._assistant.library.index(paths, collection))

    def retry(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self._own.add(self._assistant.library.retry(document.id))

    def remove(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self._own.add(self._assistant.library.remove_document(document.id))

    def remove_collection(self, collection_id: int) -> None:
        self._own.add(self._assistant.library.remove(collection_id))

    def stop(self) -> None:
        """Stop the reading, and what waits behind it."""
        for job in {*self._own, self._reading} - {None}:
            if job is not None:
                self._assistant.cancel(job)

    def show_event(self, event: Event) -> None:
        body = event.body
        if isinstance(body, IndexProgress):
            self._reading = event.job
            self.advanced.emit(body)
        elif isinstance(body, DocumentIndexed):
            self._reading = event.job
            self.document_read.emit(body.outcome)
        elif isinstance(body, IndexReport):
            self._reading = event.job
        elif event.closing and (event.job in self._own or event.job == self._reading):
            self._close(event)

    def _close(self, event: Event) -> None:
        self._own.discard(event.job)
        if event.job == self._reading:
            self._reading = None
        if isinstance(event.body, Failed):
            self.failed.emit(event.body.error)
        self.ended.emit()
