"""How much of the machine's memory is in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil

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
