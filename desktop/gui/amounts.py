"""How sizes, memory and days are written in the window."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale


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


def ago_words(moment: float) -> str:
    """How long ago, as people say it: `just now`, `2 minutes ago`, then the day."""
    minutes = int((time.time() - moment) // 60)
    if minutes < 1:
        return _tr("just now")
    if minutes < 60:
        one = minutes == 1
        return _tr("1 minute ago") if one else _tr("{0} minutes ago").format(minutes)
    if minutes < 24 * 60:
        hours = minutes // 60
        return _tr("1 hour ago") if hours == 1 else _tr("{0} hours ago").format(hours)
    return day_words(moment)


def seconds_words(seconds: float) -> str:
    """A duration that is only an estimate: `about 20 s`."""
    if seconds < 90:
        return _tr("about {0} s").format(max(1, round(seconds)))
    if seconds < 5400:
        return _tr("about {0} min").format(round(seconds / 60))
    return _tr("about {0} h").format(round(seconds / 3600))


def moment_words(moment: float) -> str:
    """`14 Nov 2026, 16:20`."""
    return f"{day_words(moment)}, {datetime.fromtimestamp(moment):%H:%M}"


def day_words(moment: float) -> str:
    day = datetime.fromtimestamp(moment)
    return QLocale().toString(day.date(), "d MMM yyyy")  # type: ignore[call-overload, no-any-return]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Amounts", text)
