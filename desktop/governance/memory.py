"""How much of the machine's memory is in use, and that what is freed goes back to it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

_MOST_HEAPS = -8  # M_ARENA_MAX of the C library

_PROCESSES = Path("/proc")


def memory_bytes() -> tuple[int, int]:
    """Bytes in use by this process and its children, and bytes that the machine has.

    Asked every few seconds by the window's thread, so it must not look through all processes.
    """
    own = os.getpid()
    if (_PROCESSES / str(own) / "task" / str(own) / "children").exists():
        used = sum(map(_resident_bytes, _family(own)))
    else:
        used = _family_bytes()
    return used, psutil.virtual_memory().total


def _family(own: int) -> Iterator[int]:
    """A process and all its descendants, as Linux lists them by thread."""
    waiting = [own]
    while waiting:
        process = waiting.pop()
        yield process
        for listed in (_PROCESSES / str(process) / "task").glob("*/children"):
            waiting += map(int, _read(listed).split())


def _resident_bytes(process: int) -> int:
    fields = _read(_PROCESSES / str(process) / "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it ended between being listed and being asked


def _family_bytes() -> int:
    own = psutil.Process()
    used = own.memory_info().rss
    for child in own.children(recursive=True):
        try:
            used += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue  # as above
    return used


def keep_one_heap() -> None:
    """Let all threads take their memory from one heap; to be asked for before they start.

    The C library of Linux gives each thread a heap of its own, and holes in them add up: a model
    that was switched away left 12 to 17 MB in them, one heap 5 MB. Other systems keep one anyway.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(_MOST_HEAPS, 1)
