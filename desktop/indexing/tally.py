"""What an indexing run has done so far, how fast, and what is left."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field

from desktop.domain.documents import (
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
    IndexStage,
)

# Before anything was read: how many chunks a thousand bytes of a file give, by the kind that its
# name claims. Pictures, fonts and markup have none. What the run reads itself soon outweighs it.
_CHUNKS_PER_KB = {".txt": 1.1, ".md": 1.1, ".csv": 1.3, ".html": 0.5, ".docx": 0.3, ".pdf": 0.15}
_OTHERS_PER_KB = 0.2
_TRUST_KB = 50.0
# Of one page, before any was recognised.
_RECOGNITION_S = 2.0


@dataclass(slots=True)
class _Yield:
    """What files of one kind have given."""

    kb: float = 0.0
    chunks: int = 0


@dataclass(slots=True)
class Tally:
    """Counts files, pages and chunks of one run, and learns how long the rest will take."""

    collection: str
    started: float = field(default_factory=time.monotonic)
    stage: IndexStage = IndexStage.SCANNING
    paused: bool = False
    pages_read: int = 0
    chunks_made: int = 0
    removed: list[str] = field(default_factory=list)
    _files_total: int = 0
    _outcomes: dict[str, FileOutcome] = field(default_factory=dict)
    _waiting: dict[str, tuple[str, float]] = field(default_factory=dict)
    _yields: dict[str, _Yield] = field(default_factory=dict)
    _page: int = 0
    _pages_total: int = 0
    _pictures_left: int = 0
    _pictures_done: int = 0
    _recognising_since: float = 0.0
    _held_s: float = 0.0
    _held_since: float = 0.0

    def expect(self, path: str, size_bytes: int) -> None:
        """A file is to be looked at."""
        self._files_total += 1
        self._waiting[path] = (os.path.splitext(path)[1].lower(), size_bytes / 1000)

    def add(self, outcome: FileOutcome) -> None:
        """Note one finished file; a second time, what became of it since."""
        if outcome.path not in self._outcomes and outcome.path not in self._waiting:
            self._files_total += 1
        suffix, kb = self._waiting.pop(outcome.path, ("", 0.0))
        self._outcomes[outcome.path] = outcome
        if outcome.status is DocumentStatus.READY:
            learned = self._yields.setdefault(suffix, _Yield())
            learned.kb += kb
            learned.chunks += outcome.chunks

    def outcome(self, path: str) -> FileOutcome | None:
        return self._outcomes.get(path)

    def hold(self, paused: bool) -> None:
        """Time that passes while paused counts for nothing."""
        now = time.monotonic()
        if paused and not self.paused:
            self._held_since = now
        elif self.paused and not paused:
            self._held_s += now - self._held_since
        self.paused = paused

    def expect_pictures(self, pages: int) -> None:
        """So many pages are to be recognised."""
        self._pictures_left += pages
        self._recognising_since = self._recognising_since or self._seconds()

    def recognised(self, page: int, pages_total: int) -> None:
        """One more page was recognised: number `page` of `pages_total` of its document."""
        self._page, self._pages_total = page, pages_total
        self._pictures_left = max(0, self._pictures_left - 1)
        self._pictures_done += 1

    def progress(self, current_path: str = "") -> IndexProgress:
        recognising = self.stage is IndexStage.RECOGNISING
        return IndexProgress(
            files_done=len(self._outcomes),
            files_total=self._files_total,
            pages_done=self.pages_read,
            chunks_done=self.chunks_made,
            pages_per_second=self.pages_read / self._seconds(),
            seconds_left=self._seconds_left(),
            current_path=current_path,
            stage=self.stage,
            page=self._page if recognising else 0,
            pages_total=self._pages_total if recognising else 0,
            paused=self.paused,
        )

    def report(self, stopped: bool) -> IndexReport:
        outcomes = tuple(self._outcomes.values())
        return IndexReport(
            collection=self.collection,
            files=outcomes,
            seconds=time.monotonic() - self.started,
            pages_read=self.pages_read,
            stopped=stopped,
            counts=dict(Counter(outcome.status.value for outcome in outcomes)),
            removed=tuple(self.removed),
        )

    def _seconds(self) -> float:
        end = self._held_since if self.paused else time.monotonic()
        return max(end - self.started - self._held_s, 1e-9)

    def _seconds_left(self) -> float | None:
        """Chunks are what takes time; pictures of pages come on top."""
        if self._waiting and not self.chunks_made:
            return None
        left = sum(self._chunks_of(suffix, kb) for suffix, kb in self._waiting.values())
        reading_s = self._recognising_since or self._seconds()
        seconds = left * reading_s / max(self.chunks_made, 1)
        if self._pictures_left:
            spent = self._seconds() - self._recognising_since
            each = spent / self._pictures_done if self._pictures_done else _RECOGNITION_S
            seconds += self._pictures_left * each
        return seconds

    def _chunks_of(self, suffix: str, kb: float) -> float:
        known = self._yields.get(suffix, _Yield())
        guess = _CHUNKS_PER_KB.get(suffix, _OTHERS_PER_KB)
        return kb * (known.chunks + guess * _TRUST_KB) / (known.kb + _TRUST_KB)
