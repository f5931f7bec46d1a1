"""Number formats of spreadsheets taken apart: `#,##0.00;[Red]-#,##0.00` into sections of marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

_MARKS = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<gap>.) | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>[Gg][Ee][Nn][Ee][Rr][Aa][Ll])
    | (?P<half>AM/PM|A/P)
    | (?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|g+e*|a{3,4})
    | (?P<exponent>[eE][+-])
    | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/)
    | (?P<text>@)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MOST_CODE = 500


class Mark(Enum):
    """What one piece of a format stands for."""

    LITERAL = auto()
    DATE = auto()
    ELAPSED = auto()
    HALF = auto()
    FRACTION = auto()  # of a second
    DIGIT = auto()
    POINT = auto()
    COMMA = auto()
    PERCENT = auto()
    SLASH = auto()
    EXPONENT = auto()
    GENERAL = auto()
    TEXT = auto()


_TIMES = (Mark.DATE, Mark.ELAPSED, Mark.HALF)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a format; `condition` is an operator and a number."""

    marks: tuple[tuple[Mark, str], ...]
    condition: tuple[str, float] | None = None

    @property
    def is_date(self) -> bool:
        return any(mark in _TIMES for mark, _ in self.marks)

    def has(self, mark: Mark) -> bool:
        return any(own is mark for own, _ in self.marks)


def sections_of(code: str) -> tuple[Section, ...]:
    """Take a format apart; what no rule knows stands for itself."""
    sections: list[Section] = []
    marks: list[tuple[Mark, str]] = []
    condition: tuple[str, float] | None = None
    for match in _MARKS.finditer(code[:_MOST_CODE]):
        name, text = str(match.lastgroup), match[match.lastgroup or 0]
        if name == "other" and text == ";":
            sections.append(Section(_finished(marks), condition))
            marks, condition = [], None
        elif name == "bracket":
            condition = _condition(text) or condition
            marks += _of_bracket(text)
        else:
            marks += _of_mark(name, text)
    sections.append(Section(_finished(marks), condition))
    return tuple(sections)


_PLAIN = {
    "general": Mark.GENERAL,
    "half": Mark.HALF,
    "date": Mark.DATE,
    "exponent": Mark.EXPONENT,
    "digit": Mark.DIGIT,
    "point": Mark.POINT,
    "comma": Mark.COMMA,
    "percent": Mark.PERCENT,
    "slash": Mark.SLASH,
    "text": Mark.TEXT,
}


def _of_mark(name: str, text: str) -> list[tuple[Mark, str]]:
    if name == "fill":
        return []
    if name == "gap":
        return [(Mark.LITERAL, " ")]
    return [(_PLAIN.get(name, Mark.LITERAL), text)]


def _of_bracket(text: str) -> list[tuple[Mark, str]]:
    if text.startswith("$"):
        # A currency and the language it is written in.
        return [(Mark.LITERAL, text[1:].partition("-")[0])]
    if _ELAPSED.fullmatch(text):
        return [(Mark.ELAPSED, text.lower())]
    return []  # a colour, a condition, a choice of figures


def _condition(text: str) -> tuple[str, float] | None:
    match = _CONDITION.fullmatch(text)
    try:
        return (match[1], float(match[2])) if match else None
    except ValueError:
        return None


def _finished(marks: list[tuple[Mark, str]]) -> tuple[tuple[Mark, str], ...]:
    """What `m` means depends on its neighbours: minutes stand beside hours or seconds."""
    if not any(mark in _TIMES for mark, _ in marks):
        return tuple(marks)
    timed: list[tuple[Mark, str]] = []
    for mark, text in marks:
        if mark is Mark.DIGIT and timed and timed[-1][0] in (Mark.POINT, Mark.FRACTION):
            timed.append((Mark.FRACTION, timed.pop()[1] + text))
        else:
            timed.append((mark, text.lower() if mark is Mark.DATE else text))
    if any(mark is Mark.DIGIT for mark, _ in timed):
        # No date holds figures: its letters are words that somebody did not quote.
        return tuple((Mark.LITERAL if mark in _TIMES else mark, text) for mark, text in marks)
    units = [index for index, (mark, _) in enumerate(timed) if mark in (Mark.DATE, Mark.ELAPSED)]
    for place, index in enumerate(units):
        if timed[index][0] is not Mark.DATE or timed[index][1] not in ("m", "mm"):
            continue
        before = timed[units[place - 1]][1][0] if place else ""
        after = timed[units[place + 1]][1][0] if place + 1 < len(units) else ""
        if before == "h" or after == "s":
            timed[index] = (Mark.DATE, "n" * len(timed[index][1]))
    return tuple(timed)
