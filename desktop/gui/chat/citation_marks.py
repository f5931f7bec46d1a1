"""Puts a private character where each statement's citations belong in the answer's Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.domain.answers import Statement, Support

# Characters of the private use area carry a chip through the Markdown parser: one for a statement
# that was not found, and one for each citation.
NOT_FOUND_MARK = "\ue000"
_FIRST_MARK = 0xE100
_LAST_MARK = 0xEFFF
_OURS = re.compile("[\ue000-\uefff]")
_TRAILING = " \t\r\n|"
_STOPS = ".!?:;,"


def mark_for(marker: int) -> str:
    """The character that stands for citation `marker`."""
    return chr(min(_FIRST_MARK + marker, _LAST_MARK))


def is_mark(character: str) -> bool:
    """Whether a character stands for a chip."""
    return bool(_OURS.match(character))


def marker_of(character: str) -> int | None:
    """The citation that a character stands for; None for a statement that was not found."""
    return None if character == NOT_FOUND_MARK else ord(character) - _FIRST_MARK


def without_marks(text: str) -> str:
    """The text without chips, for places that show none."""
    return _OURS.sub("", text)


def neutral(text: str) -> str:
    """The text with foreign private characters replaced one for one, so that spans still fit."""
    return _OURS.sub("\ufffd", text)


def marked_text(text: str, statements: Sequence[Statement]) -> str:
    """The answer's Markdown with a mark after each statement that has something to show."""
    pieces: list[str] = []
    position = 0
    clean = neutral(text)
    for statement in sorted(statements, key=lambda each: each.end):
        marks = _marks(statement)
        place = _place(clean, statement)
        if not marks or place < position:
            continue
        # The no-break space keeps the chip on its word's line, and lets emphasis close before it.
        pieces += [clean[position:place], "\u00a0", marks]
        position = place
    pieces.append(clean[position:])
    return "".join(pieces)


def _marks(statement: Statement) -> str:
    if statement.support is Support.NOT_FOUND:
        return NOT_FOUND_MARK
    # The narrow no-break space keeps neighbours apart and together on one line.
    return "\u202f".join(mark_for(marker) for marker in statement.markers)


def _place(text: str, statement: Statement) -> int:
    """Where the chip goes: after the last word, before the full stop and a table's last bar."""
    end = min(statement.end, len(text))
    floor = max(statement.start, 0)
    while end > floor and text[end - 1] in _TRAILING:
        end -= 1
    while end > floor and text[end - 1] in _STOPS:
        end -= 1
    return end
