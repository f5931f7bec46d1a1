"""How much of the machine's memory is in use."""

from __future__ import annotations

import psutil


def memory_bytes() -> tuple[int, int]:
    """Bytes in use by this process and its children, and bytes that the machine has."""
    own = psutil.Process()
    used = own.memory_info().rss
    for child in own.children(recursive=True):
        try:
            used += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue  # it ended between being listed and being asked
    return used, psutil.virtual_memory().total
