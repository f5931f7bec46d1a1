"""SHA-256 of a model's files, with progress, stoppable between blocks."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.models import ImportProgress

BLOCK_BYTES = 4 << 20
# One event for each of these keeps the window fluent and the mailbox small.
_EVENT_BYTES = 32 << 20
_EVENT_S = 0.5


class Meter:
    """How far a step is, how fast it goes and how long it will take."""

    def __init__(self, step: str, total: int) -> None:
        self._step = step
        self._total = total
        self._done = self._told = 0
        self._started = self._told_at = time.monotonic()

    def start(self) -> ImportProgress:
        return ImportProgress(self._step, 0, self._total)

    def advance(self, size: int) -> ImportProgress | None:
        """What to say after `size` more bytes; None where there is nothing new to say."""
        # What had to be copied again is not counted twice.
        self._done = min(self._total, self._done + size)
        now = time.monotonic()
        due = self._done - self._told >= _EVENT_BYTES or now - self._told_at >= _EVENT_S
        if not due and self._done < self._total:
            return None
        self._told, self._told_at = self._done, now
        seconds = now - self._started
        rate = self._done / seconds if seconds > 0 else 0.0
        left = (self._total - self._done) / rate if rate else 0.0
        return ImportProgress(self._step, self._done, self._total, rate, max(0.0, left))


def sha256_of_file(path: Path) -> str:
    """The hash of a file that is small or must be waited for; raises `OSError`."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sha256_of_model(hashes: Sequence[str]) -> str:
    """The hash by which a model is known: its file's, or one over those of its files in order.

    Of several files it is the SHA-256 of their hashes as text, each followed by a line end.
    """
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


def hash_files(
    paths: Sequence[Path], cancel: CancelToken
) -> Generator[ImportProgress, None, list[str]]:
    """Yield progress over all files, return their hashes; raises `Cancelled` and `OSError`."""
    meter = Meter("hashing", sum(path.stat().st_size for path in paths))
    yield meter.start()
    hashes: list[str] = []
    for path in paths:
        digest = hashlib.sha256()
        with path.open("rb") as opened:
            while block := opened.read(BLOCK_BYTES):
                cancel.raise_if_cancelled()
                digest.update(block)
                if said := meter.advance(len(block)):
                    yield said
        hashes.append(digest.hexdigest())
    return hashes
