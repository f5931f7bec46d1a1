"""Dates in one form, whatever their notation and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MONTHS = """
    january jan januar jänner enero ene janvier janv janeiro gennaio gen januari januarie
    february feb februar febrero février févr fevereiro fev febbraio februari
    march mar märz mrz marzo mars março maart mrt
    april apr abril abr avril avr aprile
    may mai mayo maio maggio mag mei
    june jun juni junio juin junho giugno giu
    july jul juli julio juillet juil julho luglio lug
    august aug agosto ago août aout augustus
    september sep sept septiembre septembre setembro set settembre
    october oct oktober okt octubre octobre outubro out ottobre ott
    november nov noviembre novembre novembro
    december dec dezember dez diciembre dic décembre déc dezembro dicembre
"""
_NUMBERS = {
    name: number
    for number, names in enumerate(_MONTHS.strip().splitlines(), start=1)
    for name in names.split()
}


def _by_first_letter(names: Iterable[str]) -> str:
    """One expression for all names, longest first, that most words leave after a letter."""
    rest: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rest.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(ends)})" for letter, ends in rest.items())


_NAME = _by_first_letter(_NUMBERS)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH = rf"(?P<name>{_NAME})\b\.?"
_SHORT = (
    r"(?<![\w.])(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)"
    r"(?P<short>(?:(?:1[5-9]|20)\d\d)|\d\d)(?![\w.]*\d)"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>0?[1-9]|1[0-2])[-/.]{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월](?:\s?{_DAY}\s?[日일])?",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:(?:of|de|del|day of)\s+)?{_MONTH}"
        rf",?\s+(?:(?:of|de|del)\s+)?{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        _SHORT,
        rf"\b{_MONTH},?\s+(?:(?:of|de|del)\s+)?{_YEAR}(?!\d)",
    )
)
_SHORT_PATTERN = re.compile(_SHORT)
_YEAR_SOMEWHERE = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


def date_forms(text: str) -> list[str]:
    """Each date of `text` as "@2024-03-01", its month as "@2024-03"; each form once.

    Where day and month cannot be told apart both readings count.
    """
    # Looking at both cases of each letter would cost ten times as much.
    text = text.lower()
    forms: dict[str, None] = {}
    # Most passages hold no year, and looking for names of months is what takes time.
    for pattern in _PATTERNS if _YEAR_SOMEWHERE.search(text) else (_SHORT_PATTERN,):
        for match in pattern.finditer(text):
            for year, month, day in _read(match.groupdict()):
                if day:
                    forms[f"@{year:04}-{month:02}-{day:02}"] = None
                forms[f"@{year:04}-{month:02}"] = None
    return list(forms)


def _read(parts: dict[str, str | None]) -> Iterator[tuple[int, int, int]]:
    if parts.get("first"):
        yield from _numeric(parts)
        return
    named = parts.get("name")
    month = _NUMBERS[named.lower()] if named else int(parts.get("month") or 0)
    if 1 <= month <= 12:
        yield int(parts["year"] or 0), month, int(parts.get("day") or 0)


def _numeric(parts: dict[str, str | None]) -> Iterator[tuple[int, int, int]]:
    first, second, year = (int(parts[key] or 0) for key in ("first", "second", "short"))
    if year < 100:
        year += 2000 if year < 70 else 1900
    readings = {(second, first)} if parts["mark"] == "." else {(second, first), (first, second)}
    for month, day in sorted(readings):
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield year, month, day
