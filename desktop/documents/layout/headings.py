"""Which lines are headings, and which headings stand above a block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.documents.layout.lines import PrintedLine, bare_words

_LONGEST = 140
_LONGEST_PLAIN = 90
_MOST_DEPTH = 8
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})\.?\s+(?=[^\W\d_])")
_NAMED = re.compile(
    r"(?:article|section|chapter|part|schedule|annex|appendix|exhibit|clause|"
    r"artikel|abschnitt|kapitel|teil|anlage|anhang|§)\s*([0-9]+(?:\.[0-9]+)*|[ivxlc]+|[a-z])\b",
    re.IGNORECASE,
)
_ENDS_OPEN = (",", ";", "-", "–", "(", "&")


@dataclass(frozen=True, slots=True)
class Body:
    """How ordinary text of this document is set."""

    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """What tells one rank of heading from another; `outline` is the level in the file's outline."""

    size: float
    bold: bool = False
    depth: int = 0
    outline: int = 0


def body_of(weights: Mapping[tuple[float, bool], int]) -> Body:
    """The style that most characters are set in."""
    if not weights:
        return Body(0.0)
    (size, bold), _ = Counter(weights).most_common(1)[0]
    return Body(size, bold)


def numbering_depth(text: str) -> int:
    """1 for "3. Term" or "Article III", 2 for "3.1 Rent", 0 without a number."""
    if match := _DECIMAL.match(text):
        return match.group(1).count(".") + 1
    if match := _NAMED.match(text):
        return match.group(1).count(".") + 1
    return 0


def heading_style(
    line: PrintedLine, alone: bool, body: Body, outline: Mapping[str, int]
) -> HeadingStyle | None:
    """The style of the heading that this line is, or None.

    `alone` says that the line does not run on in the next one and stands apart from it.
    """
    text = line.text
    if len(text) > _LONGEST or line.columns > 1 or not line.upright:
        return None
    letters = sum(map(str.isalpha, text))
    if letters < 2:
        return None
    depth = numbering_depth(text)
    level = outline.get(bare_words(text), 0)
    if not level and depth:
        # Outlines often leave the number out.
        level = outline.get(bare_words(text.split(maxsplit=1)[-1]), 0)
    style = HeadingStyle(round(line.size, 1), line.bold, depth, level)
    if level:
        return style
    if text.endswith(_ENDS_OPEN) or letters < 0.4 * len(text):
        return None
    is_larger = line.size > 1.15 * body.size and not text.endswith(".")
    return style if is_larger or (alone and _stands_out(line, body)) else None


def _stands_out(line: PrintedLine, body: Body) -> bool:
    text = line.text
    if len(text) > _LONGEST_PLAIN or _reads_on(text):
        return False
    return (line.bold and not body.bold) or _in_capitals(text) or _is_named(text)


def _in_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) >= 4 and not text.endswith(".")


def _is_named(text: str) -> bool:
    return _NAMED.match(text) is not None and len(text) <= 60 and not text.endswith(".")


def _reads_on(text: str) -> bool:
    """True for a sentence, or a run-in heading followed by its sentence."""
    return text.endswith((".", "?", "!", ":")) and len(text.split()) > 8


class HeadingTrail:
    """The headings that are open at the current place of a document, outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[HeadingStyle, str]] = []

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._open)

    def enter(self, text: str, style: HeadingStyle) -> tuple[str, ...]:
        """Close the headings of the same or a lower rank, open this one, and return the path."""
        self._leave(style)
        if len(self._open) >= _MOST_DEPTH:
            self._open.pop()
        self._open.append((style, text))
        return self.path

    def enter_level(self, text: str, level: int) -> tuple[str, ...]:
        """Open a heading whose level the format itself gives, 1 outermost."""
        return self.enter(text, HeadingStyle(0.0, outline=level))

    def leave_level(self, level: int) -> None:
        """Close the headings of this level and the ones below it."""
        self._leave(HeadingStyle(0.0, outline=level))

    def _leave(self, style: HeadingStyle) -> None:
        while self._open and not _outranks(self._open[-1][0], style):
            self._open.pop()


def _outranks(upper: HeadingStyle, lower: HeadingStyle) -> bool:
    if upper.outline and lower.outline:
        return upper.outline < lower.outline
    if upper.depth and lower.depth:
        return upper.depth < lower.depth
    if abs(upper.size - lower.size) > 0.4:
        return upper.size > lower.size
    if upper.outline or lower.outline:
        return bool(upper.outline)
    if upper.bold != lower.bold:
        return upper.bold
    return bool(lower.depth and not upper.depth)


def outline_levels(entries: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Map the bare title of each outline entry to its level, 1 outermost."""
    return {bare: level for title, level in entries if len(bare := bare_words(title)) > 1}
