"""When the watched folders are looked through: soon after the start, then at a quiet pace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from desktop.assistant.events import Event, JobId
    from desktop.assistant.facade import Assistant

_FIRST_MS = 4_000
_LEAST_MS = 30_000
# A look takes at most about this share of one core's time, however many files there are.
_SHARE = 0.02


class FolderWatch(QObject):
    """One look at a time; the next is planned when the last one is over."""

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._job: JobId | None = None
        self._started = 0.0
        self._stopped = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._timer.start(_FIRST_MS)

    def stop(self) -> None:
        """Plan no further look."""
        self._stopped = True
        self._timer.stop()

    def look(self) -> None:
        """Look through the folders of all collections now."""
        self._timer.stop()
        if self._job is None:
            self._started = time.monotonic()
            self._job = self._assistant.library.rescan_all()

    def show_event(self, event: Event) -> None:
        if event.job == self._job and event.closing and not self._stopped:
            self._job = None
            took_ms = (time.monotonic() - self._started) * 1000
            self._timer.start(max(_LEAST_MS, int(took_ms / _SHARE)))
