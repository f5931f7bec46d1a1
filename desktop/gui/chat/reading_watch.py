"""A line over the composer that tells how far the reading of files is, and can stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import Event, JobId
from desktop.domain.documents import IndexProgress, IndexReport
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import ElidedLabel
from desktop.gui.widgets.progress import ProgressLine

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ReadingWatch(QWidget):
    """Follows whatever job reads files now; hidden while none does."""

    advanced = Signal(object)  # IndexProgress
    read = Signal(object)  # IndexReport

    def __init__(self, assistant: Assistant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._job: JobId | None = None
        self._words = ElidedLabel(size=12, tone="mute")
        self._line = ProgressLine(self.tr("Reading files"))
        self._stop = Button(self.tr("Stop"), "quiet")
        self._stop.setAccessibleName(self.tr("Stop reading files"))
        self._stop.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._line)
        self.hide()

    @property
    def reading(self) -> bool:
        return self._job is not None

    def show_event(self, event: Event) -> None:
        body = event.body
        if isinstance(body, IndexProgress):
            self._job = event.job
            self._show(body)
            self.advanced.emit(body)
        elif isinstance(body, IndexReport):
            self.read.emit(body)
        elif event.closing and event.job == self._job:
            self._job = None
            self.hide()

    def _show(self, progress: IndexProgress) -> None:
        words = self.tr("Reading files: {0} of {1}")
        self._words.setText(words.format(progress.files_done, progress.files_total))
        self._line.set_share(progress.files_done / max(1, progress.files_total))
        self.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._assistant.cancel(self._job)
