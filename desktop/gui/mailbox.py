"""Events from any thread, handed to the window in batches on its own thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.assistant.events import Event
from desktop.domain.answers import AnswerPiece

# A batch is small enough that the window draws and reads keys between two of them.
_BATCH_EVENTS = 512
# Words that come faster are shown together: drawing takes from the same processor that writes.
_BETWEEN_PIECES_S = 0.06


class _Waking(IntEnum):
    """What the window has been woken for."""

    NOTHING = 0
    PIECES = 1
    ALL = 2


class Mailbox(QObject):
    """One wake-up of the window per batch: a signal per event would drown it.

    Pieces of an answer that follow each other fast wait for one another; nothing else waits.
    """

    arrived = Signal(list)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: deque[Event] = deque()
        self._lock = threading.Lock()
        self._waking = _Waking.NOTHING
        self._delivered = 0.0
        self._pause = QTimer(self, singleShot=True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._hand_over)
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: Event) -> None:
        """Take an event, from any thread; neighbouring answer pieces of one job become one."""
        waking = _Waking.PIECES if isinstance(event.body, AnswerPiece) else _Waking.ALL
        with self._lock:
            self._put(event)
            wake = waking > self._waking
            self._waking = max(waking, self._waking)
        if wake:
            self._woken.emit()

    def close(self) -> None:
        """Deliver nothing any more: what the views would show it in is being closed."""
        self.blockSignals(True)
        self._pause.stop()

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
        early = self._delivered + _BETWEEN_PIECES_S - time.monotonic()
        if self._waking is _Waking.PIECES and early > 0:
            self._pause.start(int(early * 1000) + 1)
            return
        self._hand_over()

    @Slot()
    def _hand_over(self) -> None:
        self._pause.stop()
        with self._lock:
            size = min(len(self._events), _BATCH_EVENTS)
            batch = [self._events.popleft() for _ in range(size)]
            self._waking = _Waking.ALL if self._events else _Waking.NOTHING
            wake = bool(self._events)
        if wake:
            self._woken.emit()
        if batch:
            self.arrived.emit(batch)
            # The time that showing them took is no part of the pause.
            self._delivered = time.monotonic()
