"""What models need while nobody asks: measuring, leaving the memory, a look into their folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from desktop.assistant.events import Event, JobId
    from desktop.assistant.facade import Assistant

_TEND_MS = 5_000
_FIRST_LOOK_MS = 6_000
_LOOK_MS = 60_000


class ModelTend(QObject):
    """Asks the assistant at a quiet pace; each question is cheap, each job gives way."""

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._looking: JobId | None = None
        self._tending = QTimer(self, interval=_TEND_MS)
        self._tending.timeout.connect(self.tend)
        self._tending.start()
        self._next_look = QTimer(self, singleShot=True)
        self._next_look.timeout.connect(self.look)
        self._next_look.start(_FIRST_LOOK_MS)

    def stop(self) -> None:
        """Ask no more; the assistant may be closed now."""
        self._tending.stop()
        self._next_look.stop()
        self._looking = None

    def tend(self) -> None:
        self._assistant.models.running.tend()

    def look(self) -> None:
        """Look into the models' folder; the first look also completes what older versions kept."""
        if self._looking is None:
            self._looking = self._assistant.models.files.look_for_new()

    def show_event(self, event: Event) -> None:
        if event.job == self._looking and event.closing:
            self._looking = None
            self._next_look.start(_LOOK_MS)
