"""The library's running jobs, and the one that reads files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.assistant.events import Event, Failed, Finished, JobId
from desktop.domain.checks import CollectionCheck, CollectionRepair
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentIndexed,
    IndexProgress,
    IndexReport,
    IndexStage,
    WatchedFolder,
)
from desktop.domain.models import EmbeddingProgress
from desktop.domain.retrieval import IndexBuilding

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class LibraryJobs(QObject):
    """There is one indexing lane, so whoever started the reading, its progress is shown here."""

    advanced = Signal(object)  # IndexProgress
    document_read = Signal(object)  # FileOutcome
    ended = Signal()  # a job that changed the library is over
    failed = Signal(object)  # CarrelError
    checked = Signal(object)  # CollectionCheck
    repaired = Signal(object)  # CollectionRepair
    building = Signal(object)  # IndexBuilding or EmbeddingProgress

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._own: set[JobId] = set()
        self._reading: JobId | None = None
        self._to_read: dict[JobId, int] = {}  # into which collection

    def index(self, paths: Sequence[Path], collection: Collection) -> None:
        job = self._assistant.library.index(paths, collection.name)
        self._own.add(job)
        self._to_read[job] = collection.id

    def retry(self, documents: Sequence[Document]) -> None:
        for document in documents:
            job = self._assistant.library.retry(document.id)
            self._own.add(job)
            self._to_read[job] = document.collection_id

    def unlock(self, documents: Sequence[Document], password: str) -> None:
        for document in documents:
            job = self._assistant.library.unlock(document.id, password)
            self._own.add(job)
            self._to_read[job] = document.collection_id

    def skip(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self._own.add(self._assistant.library.skip(document.id))

    def rescan(self, collection_id: int) -> None:
        job = self._assistant.library.rescan(collection_id)
        self._own.add(job)
        self._to_read[job] = collection_id

    def verify(self, collection_id: int) -> None:
        """Check a collection; `checked` follows."""
        self._own.add(self._assistant.library.verify(collection_id))

    def repair(self, collection_id: int) -> None:
        """Make anew what is derived; `repaired` follows."""
        self._own.add(self._assistant.library.repair(collection_id))

    def forget_folder(self, folder: WatchedFolder) -> None:
        self._own.add(self._assistant.library.forget_folder(folder.id))

    def remove(self, documents: Sequence[Document]) -> None:
        chosen = [document.id for document in documents]
        self._own.add(self._assistant.library.remove_documents(chosen))

    def remove_collection(self, collection_id: int) -> None:
        """Remove it, and first stop what is being read into it: that may take hours."""
        for job, into in tuple(self._to_read.items()):
            if into == collection_id:
                self._assistant.cancel(job)
        self._own.add(self._assistant.library.remove(collection_id))

    def stop(self) -> None:
        """Stop the reading, and what waits to be read; what is being removed still goes."""
        waiting = set(self._to_read)
        if self._reading is not None:
            waiting.add(self._reading)
        for job in waiting:
            self._assistant.cancel(job)

    def show_event(self, event: Event) -> None:
        body = event.body
        if isinstance(body, IndexProgress):
            if body.stage is IndexStage.SCANNING and event.job not in self._own:
                return  # a look through the folders, which mostly finds nothing to do
            self._reading = event.job
            self.advanced.emit(body)
        elif isinstance(body, DocumentIndexed):
            self._reading = event.job
            self.document_read.emit(body.outcome)
        elif isinstance(body, IndexReport):
            self._reading = event.job
        elif isinstance(body, IndexBuilding | EmbeddingProgress):
            self._reading = event.job
            self.building.emit(body)
        elif event.closing and (event.job in self._own or event.job == self._reading):
            self._close(event)

    def _close(self, event: Event) -> None:
        self._own.discard(event.job)
        self._to_read.pop(event.job, None)
        if event.job == self._reading:
            self._reading = None
        if isinstance(event.body, Failed):
            self.failed.emit(event.body.error)
        result = event.body.result if isinstance(event.body, Finished) else None
        if isinstance(result, CollectionCheck):
            self.checked.emit(result)
        elif isinstance(result, CollectionRepair):
            self.repaired.emit(result)
        self.ended.emit()
