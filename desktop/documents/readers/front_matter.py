"""The facts that writers put above a Markdown text, between two lines of dashes or plus signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop.documents.readers.stated_dates import stated_date
from desktop.domain.documents import DocumentFacts

_FENCED = re.compile(r"\s*(---|\+\+\+)[ ]*\n(.{0,20000}?)\n\1[ ]*(?:\n|$)", re.DOTALL)
_LINE = re.compile(r"([A-Za-z_][\w-]*)\s*[:=]\s*(.*)")
_ITEM = re.compile(r"\s+?-\s+(?:name:\s*)?(.+)|-\s+(?:name:\s*)?(.+)")
_AUTHOR = ("author", "authors", "creator")
_CREATED = ("date", "created", "published", "publishdate", "pubdate")
_MODIFIED = ("modified", "updated", "lastmod", "last_modified_at", "revised")
_LONGEST = 200


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain facts above the text by their names in lower case, and the text below them."""
    match = _FENCED.match(text)
    if match is None or not any(map(_LINE.match, match[2].split("\n"))):
        return {}, text
    said: dict[str, str] = {}
    name = ""
    for line in match[2].split("\n"):
        if found := _LINE.match(line):
            name = found[1].lower()
            said[name] = _plain(found[2])
        elif name and (item := _ITEM.match(line)):
            said[name] = ", ".join(filter(None, [said[name], _plain(item[1] or item[2])]))
    return said, text[match.end() :]


def facts_in(said: Mapping[str, str]) -> DocumentFacts:
    """Author and dates of what `front_matter` found."""
    created, modified = (stated_date(_first(said, names)) for names in (_CREATED, _MODIFIED))
    return DocumentFacts(_first(said, _AUTHOR), created, modified)


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _plain(value: str) -> str:
    """The value without quotation marks and brackets."""
    value = value.split(" #", maxsplit=1)[0].strip()
    if value.startswith("[") and value.endswith("]"):
        value = ", ".join(part.strip(" \"'") for part in value[1:-1].split(","))
    return " ".join(value.strip(" \"'").split())[:_LONGEST]
