"""Small files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from desktop.storage.database import make_private_folder
from desktop.storage.failures import folder_failures


def replace_file(path: Path, text: str) -> None:
    """Write `text` beside the file, to the disk, and put it in the file's place in one step.

    Raises `DataFolderReadOnly` or `DiskFull`, with the old file as it was.
    """
    with replaced_whole(path) as file:
        file.write(text.encode())


@contextmanager
def replaced_whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file beside `path` to write into; it takes that place when it is on the disk.

    Raises `DataFolderReadOnly` or `DiskFull`, with the old file as it was.
    """
    make_private_folder(path.parent)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{time.time_ns()}")
    with folder_failures(path.parent):
        try:
            with unfinished.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folder(path.parent)


def read_json_object(path: Path) -> dict[str, Any] | None:
    """Return what stands in the file, {} where there is none, None where it cannot be read."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None


def set_aside(path: Path) -> str:
    """Rename a file that cannot be read, so that it is not overwritten; return its new name."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}-unreadable-{stamp}-{time.time_ns() % 10**6}{path.suffix}")
    with folder_failures(path.parent):
        path.replace(aside)
    return aside.name


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # Windows cannot open a folder, and orders the rename itself.
    # The new name itself must reach the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
