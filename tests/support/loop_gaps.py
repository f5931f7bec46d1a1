"""How evenly the window's loop turns: a timer of 5 ms and the gaps between its ticks.

Other programs take the processor away too. What Linux counts as waiting for a processor is held
apart: the rest is what this program did, or did not let the window do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

_TICK_MS = 5
_SCHEDULED = Path("/proc/thread-self/schedstat")


@dataclass(frozen=True, slots=True)
class Gaps:
    """What was measured while one thing happened; in milliseconds.

    `worst_own` is the longest gap less the time that the window's thread waited for a processor.
    """

    during: str
    ticks: int
    median: float
    p99: float
    worst: float
    worst_own: float
    seconds: float


class LoopProbe(QObject):
    """Lives in the window's thread; asks nothing of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Gaps] = []
        self._gaps: list[float] = []
        self._own: list[float] = []
        self._last = 0.0
        self._waited = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    @contextmanager
    def watching(self, during: str) -> Iterator[None]:
        """Measure while the block runs the loop."""
        self._gaps, self._own = [], []
        self._waited = _waited_ms()
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
                max(self._own),
                time.perf_counter() - started,
            )
        )

    def _tick(self) -> None:
        now, waited = time.perf_counter(), _waited_ms()
        gap = (now - self._last) * 1000
        self._gaps.append(gap)
        self._own.append(max(0.0, gap - (waited - self._waited)))
        self._last, self._waited = now, waited


def _waited_ms() -> float:
    """How long this thread has been ready to run and has not run; 0 where nobody counts it."""
    try:
        return int(_SCHEDULED.read_text().split()[1]) / 1e6
    except (OSError, IndexError):
        return 0.0
