"""Number formats that are one run of figures between fixed texts: nearly all, and fast."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.documents.readers.number_codes import Mark, Section

_LARGEST = 1e15
# Spreadsheets round the first fifteen figures, halves upwards; binary fractions of such halves
# lie a hair below them.
_UPWARDS = 1 + 1e-15
_FIGURES = (Mark.DIGIT, Mark.COMMA, Mark.POINT)


@dataclass(frozen=True, slots=True)
class PlainNumber:
    """`#,##0.0#" pcs"` taken apart; `least` and `wanted` count the zeros before and behind."""

    prefix: str
    suffix: str
    is_grouped: bool
    least: int
    decimals: int
    wanted: int
    factor: float

    def shown(self, value: float) -> str | None:
        """The number as text, None where it is too large for this way."""
        size = abs(value) * self.factor
        if size >= _LARGEST:
            return None
        text = f"{size * _UPWARDS:{',' if self.is_grouped else ''}.{self.decimals}f}"
        if self.wanted < self.decimals:
            whole, _, behind = text.partition(".")
            behind = behind[: self.wanted] + behind[self.wanted :].rstrip("0")
            text = f"{whole}.{behind}" if behind else whole
        if not self.least and size * _UPWARDS < 1 and text.startswith("0"):
            text = text[1:]
        elif self.least > 1:
            whole, point, behind = text.partition(".")
            text = whole.rjust(self.least, "0") + point + behind
        return f"{'-' if value < 0 else ''}{self.prefix}{text}{self.suffix}"


def plain_number(section: Section) -> PlainNumber | None:
    """The section as such a format, None where it needs the long way."""
    kinds = [mark for mark, _ in section.marks]
    places = [index for index, mark in enumerate(kinds) if mark in _FIGURES]
    if not places or len(places) != places[-1] - places[0] + 1:
        return None
    first, last = places[0], places[-1] + 1
    beside = section.marks[:first] + section.marks[last:]
    if any(mark not in (Mark.LITERAL, Mark.PERCENT) for mark, _ in beside):
        return None
    figures = "".join(text for _, text in section.marks[first:last])
    bare = figures.rstrip(",")
    whole, _, behind = bare.partition(".")
    is_grouped = "," in whole.strip(",")
    if "," in behind or whole.startswith(",") or (is_grouped and whole.count("0") > 1):
        return None
    percents = kinds.count(Mark.PERCENT)
    return PlainNumber(
        "".join(text for _, text in section.marks[:first]),
        "".join(text for _, text in section.marks[last:]),
        is_grouped,
        whole.count("0"),
        len(behind),
        behind.count("0"),
        100.0**percents / 1000.0 ** (len(figures) - len(bare)),
    )
