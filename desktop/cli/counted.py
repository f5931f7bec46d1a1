"""Numbers with the word for what was counted."""

from __future__ import annotations


def counted(number: int, one: str) -> str:
    """Say "1 page" or "2 pages"; `one` is the word for a single thing."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
