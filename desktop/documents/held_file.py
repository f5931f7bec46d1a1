"""Bytes taken out of another file, as a path that readers can open and nobody else finds."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    from pathlib import WindowsPath as _SystemPath
else:
    from pathlib import PosixPath as _SystemPath


class HeldPath(_SystemPath):
    """A path under which the bytes can be opened, with the name that the file is known by.

    Readers take the title from `stem` and the kind of text from `suffix`, so both are the inner
    file's own.
    """

    shown_name: str

    @property
    def name(self) -> str:
        return getattr(self, "shown_name", "") or super().name

    def resolve(self, strict: bool = False) -> HeldPath:  # noqa: ARG002
        """Itself: what lies in memory has no other name."""
        return self


@contextlib.contextmanager
def held(data: bytes, name: str, folder: str | None = None) -> Iterator[Path]:
    """Hold the bytes as a file called `name`, gone when the context ends.

    On Linux they are in memory alone; elsewhere in a private file in `folder`, which the caller
    removes should this process die.
    """
    if sys.platform == "linux":
        descriptor = os.memfd_create("carrel", os.MFD_CLOEXEC)
        try:
            _write(descriptor, data)
            yield _shown(f"/proc/self/fd/{descriptor}", name)
        finally:
            os.close(descriptor)
        return
    descriptor, path = tempfile.mkstemp(dir=folder)
    try:
        try:
            _write(descriptor, data)
        finally:
            os.close(descriptor)
        yield _shown(path, name)
    finally:
        os.unlink(path)


def _shown(path: str, name: str) -> HeldPath:
    held_path = HeldPath(path)
    held_path.shown_name = name
    return held_path


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
