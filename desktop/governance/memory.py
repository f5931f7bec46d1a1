"""Memory as a person asks for it: what Carrel takes, of what the machine has."""

from __future__ import annotations

import psutil


def memory_bytes() -> tuple[int, int]:
    """Return the bytes resident in this process and its children, and the machine's total."""
    total = int(psutil.virtual_memory().total)
    own = psutil.Process()
    used = int(own.memory_info().rss)
    for child in own.children(recursive=True):
        try:
            used += int(child.memory_info().rss)
        except psutil.Error:
            # It ended between the listing and the look.
            continue
    return used, total
