"""The jobs that the models page started, each with its row until it ends well."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.assistant.events import Broken, Event, Failed, JobId, ModelLoading
from desktop.assistant.sentences import sentence_for
from desktop.domain.models import ImportProgress
from desktop.gui.settings.job_row import JobRow

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

Closed = Callable[[object], None]
_tr = QCoreApplication.translate


class ModelJobs(QObject):
    """Shows progress in `rows`, and calls each job's `closed` with its closing body."""

    changed = Signal()

    def __init__(self, assistant: Assistant, rows: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._rows = rows
        self._running: dict[JobId, tuple[JobRow, Closed]] = {}

    def start(self, job: JobId, title: str, closed: Closed) -> JobRow:
        """Follow a job that was just begun."""
        row = JobRow(title)
        row.stop_wanted.connect(lambda: self._assistant.cancel(job))
        self._rows.addWidget(row)
        self._running[job] = (row, closed)
        return row

    def show_event(self, event: Event) -> None:
        if event.job not in self._running:
            return
        row, closed = self._running[event.job]
        body = event.body
        if isinstance(body, ImportProgress):
            share = body.bytes_done / body.bytes_total if body.bytes_total else 0.0
            row.show_progress(f"{_step_words(body.step)} · {share:.0%}", share)
        elif isinstance(body, ModelLoading):
            row.show_progress(_tr("Models", "Loading into memory…"), 0.1)
        if event.closing:
            del self._running[event.job]
            self._end(row, body)
            closed(body)
            self.changed.emit()

    def _end(self, row: JobRow, body: object) -> None:
        if isinstance(body, Failed):
            row.show_failure(sentence_for(body.error).line)
        elif isinstance(body, Broken):
            row.show_failure(_tr("Models", "Carrel itself failed here; the log has the details."))
        else:
            row.hide()
            row.deleteLater()


def _step_words(step: str) -> str:
    return {
        "checking": _tr("Models", "Checking the file"),
        "hashing": _tr("Models", "Computing its checksum"),
        "copying": _tr("Models", "Copying"),
        "trying": _tr("Models", "Trial run"),
    }.get(step, step)
