"""How evenly the window's loop turns: a timer of 5 ms and the gaps between its ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

_TICK_MS = 5


@dataclass(frozen=True, slots=True)
class Gaps:
    """What was measured while one thing happened; in milliseconds."""

    during: str
    ticks: int
    median: float
    p99: float
    worst: float
    seconds: float


class LoopProbe(QObject):
    """Lives in the window's thread; asks nothing of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Gaps] = []
        self._gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    @contextmanager
    def watching(self, during: str) -> Iterator[None]:
        """Measure while the block runs the loop."""
        self._gaps = []
        self._last = started = time.perf_counter()
        self._timer.start()
        yield
        self._timer.stop()
        # What blocks at the very end is a gap too.
        self._tick()
        gaps = sorted(self._gaps)
        self.found.append(
            Gaps(
                during,
                len(gaps),
                gaps[len(gaps) // 2],
                gaps[int(len(gaps) * 0.99)],
                gaps[-1],
                time.perf_counter() - started,
            )
        )

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append((now - self._last) * 1000)
        self._last = now
