"""How sizes, memory and days are written in the window."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QLocale


def size_words(size_bytes: int) -> str:
    """`98 MB` or `2.5 GB`, in powers of ten as file managers count."""
    size = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def memory_words(size_bytes: int, decimals: int = 1) -> str:
    """Memory is counted in powers of two: `3.1`."""
    return f"{size_bytes / 2**30:.{decimals}f}"


def day_words(moment: float) -> str:
    day = datetime.fromtimestamp(moment)
    return QLocale().toString(day.date(), "d MMM yyyy")  # type: ignore[call-overload, no-any-return]
