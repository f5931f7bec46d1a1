"""What an indexing run has done so far, how fast, and what is left."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from desktop.domain.documents import DocumentStatus, FileOutcome, IndexProgress, IndexReport


@dataclass(slots=True)
class Tally:
    """Counts files, pages, chunks and bytes of one run."""

    collection: str
    files_total: int = 0
    bytes_total: int = 0
    started: float = field(default_factory=time.monotonic)
    outcomes: list[FileOutcome] = field(default_factory=list)
    pages_read: int = 0
    chunks_made: int = 0
    _bytes_skipped: int = 0
    _bytes_worked: int = 0

    def expect(self, files: int, size_bytes: int) -> None:
        self.files_total += files
        self.bytes_total += size_bytes

    def add(self, outcome: FileOutcome, size_bytes: int = 0) -> None:
        """Note one finished file."""
        self.outcomes.append(outcome)
        if outcome.status is DocumentStatus.READY:
            self.pages_read += outcome.pages
            self._bytes_worked += size_bytes
        else:
            # Costs next to nothing, and says nothing about how long the others will take.
            self._bytes_skipped += size_bytes

    def progress(self, current_path: str) -> IndexProgress:
        seconds = max(time.monotonic() - self.started, 1e-9)
        return IndexProgress(
            files_done=len(self.outcomes),
            files_total=self.files_total,
            pages_done=self.pages_read,
            chunks_done=self.chunks_made,
            pages_per_second=self.pages_read / seconds,
            seconds_left=self._seconds_left(seconds),
            current_path=current_path,
        )

    def report(self, stopped: bool) -> IndexReport:
        return IndexReport(
            collection=self.collection,
            files=tuple(self.outcomes),
            seconds=time.monotonic() - self.started,
            pages_read=self.pages_read,
            stopped=stopped,
            counts=dict(Counter(outcome.status.value for outcome in self.outcomes)),
        )

    def _seconds_left(self, seconds: float) -> float | None:
        if not self._bytes_worked:
            return None
        left = self.bytes_total - self._bytes_skipped - self._bytes_worked
        return seconds * max(left, 0) / self._bytes_worked
