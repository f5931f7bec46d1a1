"""How fast a job goes, and how long it will take still, from what it says of its bytes."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.domain.models import ImportProgress

# Less than this says nothing about a pace.
_LEAST_SECONDS = 0.5


class JobPace:
    """One step at a time: hashing and copying go at paces of their own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._step = ""
        self._began = 0.0
        self._first = 0

    def note(self, progress: ImportProgress) -> None:
        if progress.step != self._step:
            self._step, self._began = progress.step, self._clock()
            self._first = progress.bytes_done

    def rate(self, progress: ImportProgress) -> float:
        """Bytes per second; 0 while it is too early to tell."""
        seconds = self._clock() - self._began
        done = progress.bytes_done - self._first
        return done / seconds if seconds >= _LEAST_SECONDS and done > 0 else 0.0

    def seconds_left(self, progress: ImportProgress) -> float | None:
        rate = self.rate(progress)
        return (progress.bytes_total - progress.bytes_done) / rate if rate else None
