"""Dates that files state of themselves, in the notations that people and programs use."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<day>\d{4}(?:-\d\d(?:-\d\d)?)?)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_WRITTEN = ("%d.%m.%Y", "%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y%m%d")


def stated_date(text: str) -> str:
    """The date in ISO 8601, as exact as it is stated; "" where none is understood."""
    text = " ".join(text.split())
    if match := _ISO.fullmatch(text):
        return _iso(match)
    for notation in _WRITTEN:
        try:
            return datetime.strptime(text, notation).date().isoformat()
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):
        return ""


def _iso(match: re.Match[str]) -> str:
    day, time, zone = match["day"], match["time"], match["zone"]
    try:
        datetime.strptime(day, "%Y-%m-%d"[: {4: 2, 7: 5, 10: 8}[len(day)]])
    except ValueError:
        return ""
    return f"{day}T{time}{zone or ''}" if time else day
