"""SHA-256 of a model file, with progress, stoppable between blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from desktop.domain.cancel import CancelToken
from desktop.domain.models import ImportProgress

_BLOCK_BYTES = 4 << 20
# One event for each of these keeps the window fluent and the mailbox small.
_EVENT_BYTES = 32 << 20


def sha256_of_file(path: Path) -> str:
    """The hash of a file that is small or must be waited for; raises `OSError`."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def hash_file(
    path: Path, step: str, cancel: CancelToken, copy: BinaryIO | None = None
) -> Generator[ImportProgress, None, str]:
    """Yield progress, return the hash, and write what was hashed into `copy`.

    Raises `Cancelled` and `OSError`.
    """
    digest = hashlib.sha256()
    total, done, told = path.stat().st_size, 0, 0
    yield ImportProgress(step, 0, total)
    with path.open("rb") as opened:
        while block := opened.read(_BLOCK_BYTES):
            cancel.raise_if_cancelled()
            digest.update(block)
            if copy is not None:
                copy.write(block)
            done += len(block)
            if done - told >= _EVENT_BYTES or done >= total:
                told = done
                yield ImportProgress(step, done, total)
    return digest.hexdigest()
