"""The model's own source marks: a hint for alignment, and taken out of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

# [1], [1, 2], [Passage 3], (source 2), 【4】; not footnote links, not array indexes in code.
_MARK = re.compile(
    r"[ \t]*(?:[\[【](?:passages?|sources?)?\s*(\d{1,2}(?:\s*(?:,|and)\s*\d{1,2})*)\s*[\]】](?!\()"
    r"|\((?:passages?|sources?)\s*(\d{1,2}(?:\s*(?:,|and)\s*\d{1,2})*)\))",
    re.IGNORECASE,
)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MarkerHint:
    """The model named passage `number` at `position` of the text without marks."""

    position: int
    number: int


def without_markers(text: str) -> tuple[str, tuple[MarkerHint, ...]]:
    """Take the model's marks out of `text`; code is left as it is."""
    code = [match.span() for match in _CODE.finditer(text)]
    kept: list[str] = []
    hints: list[MarkerHint] = []
    done = length = 0
    for match in _MARK.finditer(text):
        if any(start <= match.start() < end for start, end in code):
            continue
        piece = text[done : match.start()]
        # A mark that opens a line leaves no space behind.
        done = match.end() + (1 if _opens_line(text, match) else 0)
        kept.append(piece)
        length += len(piece)
        numbers = re.findall(r"\d+", match[1] or match[2])
        hints += [MarkerHint(length, int(number)) for number in numbers]
    kept.append(text[done:])
    return "".join(kept), tuple(hints)


def _opens_line(text: str, match: re.Match[str]) -> bool:
    at_start = match.start() == 0 or text[match.start() - 1] == "\n"
    return at_start and text[match.end() : match.end() + 1] == " "
