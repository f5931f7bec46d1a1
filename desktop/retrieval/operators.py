"""What a person types beside the question: `file:`, `after:`, "exact words", -word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from desktop.domain.retrieval import SearchFilters
from desktop.storage.words.dates import date_forms
from desktop.storage.words.scripts import folded

_FIELDS = {
    "file": "files",
    "folder": "folders",
    "kind": "kinds",
    "author": "authors",
    "heading": "headings",
}
_DATES = ("after", "before")
_OPERATOR = re.compile(
    r"(?<!\S)(?P<name>file|folder|kind|author|heading|after|before):"
    r"(?:[\"“„](?P<quoted>[^\"“”„]*)[\"“”]|(?P<plain>\S+))",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(r"(?<!\S)-(?:[\"“„](?P<quoted>[^\"“”„]+)[\"“”]|(?P<plain>[^\W\d][^\s\"]*))")
_EXACT = re.compile(r"[\"“„”«»]([^\"“„”«»]{2,200})[\"“„”«»]")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question taken apart: what is left to search for, and what was typed beside it.

    `exact` are the phrases that stood in quotes, which stay part of `text`; `excluded` are words
    and phrases that no passage may hold. `misread` are operators whose value is no date; they stay
    part of `text` too.
    """

    text: str
    filters: SearchFilters
    exact: tuple[str, ...]
    excluded: tuple[str, ...]
    misread: tuple[str, ...] = ()


def take_apart(question: str) -> TypedQuestion:
    """Read the operators out of a question; what is no operator stays as it is."""
    filters = SearchFilters()
    misread: list[str] = []
    rest, done = "", 0
    for match in _OPERATOR.finditer(question):
        narrowed = _narrowed(filters, match["name"].lower(), match["quoted"] or match["plain"])
        if narrowed is None:
            if match["name"].lower() in _DATES and (match["quoted"] or match["plain"]):
                misread.append(match[0])
            continue
        filters = narrowed
        rest += question[done : match.start()]
        done = match.end()
    rest += question[done:]
    excluded = tuple(match["quoted"] or match["plain"] for match in _LEFT_OUT.finditer(rest))
    rest = _LEFT_OUT.sub(" ", rest)
    return TypedQuestion(rest, filters, tuple(_EXACT.findall(rest)), excluded, tuple(misread))


def both(first: SearchFilters, second: SearchFilters) -> SearchFilters:
    """Filters from an option and filters from the question, together; the typed date wins."""
    return SearchFilters(
        files=first.files + second.files,
        folders=first.folders + second.folders,
        kinds=first.kinds + second.kinds,
        authors=first.authors + second.authors,
        headings=first.headings + second.headings,
        after=second.after or first.after,
        before=second.before or first.before,
    )


def iso_date(written: str) -> str:
    """A day, month or year as ISO 8601, however it is written; "" where it is none."""
    plain = _DAY.fullmatch(written.strip())
    if plain:
        year, month, day = plain.groups()
        return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
    forms = date_forms(folded(written))
    return forms[0].removeprefix("@") if forms else ""


def _narrowed(filters: SearchFilters, name: str, value: str | None) -> SearchFilters | None:
    if not value:
        return None
    if name in _DATES:
        change: dict[str, Any] = {name: iso_date(value)}
        return replace(filters, **change) if change[name] else None
    change = {_FIELDS[name]: (*getattr(filters, _FIELDS[name]), value)}
    return replace(filters, **change)
