"""The numbers that Word shows in front of paragraphs, counted as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from desktop.documents.readers.office_package import attribute, local_name

_PLACE = re.compile(r"%(\d)")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is counted; `text` has %1 for the outermost number."""

    form: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts list paragraphs; one per document."""

    _lists: dict[str, str] = field(default_factory=dict)
    _levels: dict[tuple[str, int], ListLevel] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    @staticmethod
    def of(root: Any) -> Numbering:
        """Read the definitions; None where the document has none."""
        numbering = Numbering()
        if root is None:
            return numbering
        for element in root:
            if local_name(element) == "abstractNum":
                numbering._define(element)
            elif local_name(element) == "num":
                target = element.find("{*}abstractNumId")
                if target is not None:
                    numbering._lists[attribute(element, "numId")] = attribute(target, "val")
        return numbering

    def next_label(self, list_id: str, level: int) -> str:
        """The label of the next paragraph of a list: "3.2", "(a)", "-" for a bullet."""
        definition = self._lists.get(list_id, "")
        counts = self._counts.setdefault(definition, [None] * 9)
        level = min(max(level, 0), 8)
        own = self._levels.get((definition, level), ListLevel("bullet", "", 1))
        before = counts[level]
        counts[level] = own.start if before is None else before + 1
        counts[level + 1 :] = [None] * (8 - level)
        if own.form in ("bullet", "none"):
            return "-" if own.form == "bullet" else ""
        return _PLACE.sub(lambda match: self._number(definition, int(match[1]) - 1), own.text)

    def _define(self, element: Any) -> None:
        identity = attribute(element, "abstractNumId")
        for level in element.iterfind("{*}lvl"):
            facts = {local_name(child): attribute(child, "val") for child in level}
            start = facts.get("start", "1")
            place = attribute(level, "ilvl")
            if place.isdecimal():
                self._levels[identity, int(place)] = ListLevel(
                    facts.get("numFmt", "decimal"),
                    facts.get("lvlText", ""),
                    int(start) if start.isdecimal() else 1,
                )

    def _number(self, definition: str, level: int) -> str:
        own = self._levels.get((definition, level), ListLevel("decimal", "", 1))
        count = self._counts[definition][level]
        return _formed(own.start if count is None else count, own.form)


def _formed(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return str(number)


def _roman(number: int) -> str:
    pieces = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        pieces.append(letters * times)
    return "".join(pieces)
