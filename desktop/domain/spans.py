"""Pieces of a text by where they begin and end."""

from __future__ import annotations

Span = tuple[int, int]


def trimmed(text: str, start: int, end: int) -> Span:
    """text[start:end] without the white space at its ends; empty where nothing else is there."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
