"""Events from any thread, handed to the window in batches on its own thread."""

from __future__ import annotations

import threading
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.assistant.events import Event
from desktop.domain.answers import AnswerPiece

# A batch is small enough that the window draws and reads keys between two of them.
_BATCH_EVENTS = 512


class Mailbox(QObject):
    """One wake-up of the window per batch: a signal per event would drown it."""

    arrived = Signal(list)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: deque[Event] = deque()
        self._lock = threading.Lock()
        self._waking = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: Event) -> None:
        """Take an event, from any thread; neighbouring answer pieces of one job become one."""
        with self._lock:
            self._put(event)
            wake = not self._waking
            self._waking = True
        if wake:
            self._woken.emit()

    def close(self) -> None:
        """Deliver nothing any more: what the views would show it in is being closed."""
        self.blockSignals(True)

    def _put(self, event: Event) -> None:
        last = self._events[-1] if self._events else None
        if (
            last is not None
            and last.job == event.job
            and isinstance(last.body, AnswerPiece)
            and isinstance(event.body, AnswerPiece)
        ):
            self._events[-1] = Event(event.job, AnswerPiece(last.body.text + event.body.text))
        else:
            self._events.append(event)

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            size = min(len(self._events), _BATCH_EVENTS)
            batch = [self._events.popleft() for _ in range(size)]
            self._waking = bool(self._events)
            wake = self._waking
        if wake:
            self._woken.emit()
        if batch:
            self.arrived.emit(batch)
