"""RSS and Atom: every entry under its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.html import visible_text
from desktop.documents.readers.office_package import local_name
from desktop.documents.readers.xml_values import all_text, children_of, plain_text
from desktop.domain.documents import BlockKind

_FEEDS = ("rss", "feed", "RDF")
_ENTRIES = ("item", "entry")
_BODIES = ("encoded", "content", "description", "summary")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]+;|&#\d+;")
_LONGEST_LINE = 300


def is_feed(root: Any) -> bool:
    """Whether this is the root of a feed."""
    if local_name(root) not in _FEEDS:
        return False
    return local_name(root) != "RDF" or root.find(".//{*}item") is not None


def feed_parts(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    """Add a feed, its channel or one of its entries."""
    if local_name(element) in _ENTRIES:
        yield from _entry(parts, element, level)
        return
    children = children_of(element)
    entries = [child for child in children if local_name(child) in (*_ENTRIES, "channel")]
    facts = [child for child in children if child not in entries]
    if facts or not entries:
        yield from _entry(parts, element, level)
        level += 1
    for entry in entries:
        yield from feed_parts(parts, entry, level)


def _entry(parts: Parts, entry: Any, level: int) -> Iterator[ReadPage]:
    title, lines, bodies = "", [], []
    for child in children_of(entry):
        name = local_name(child)
        if name in (*_ENTRIES, "channel"):
            continue
        text = _shown(all_text(child)) or str(child.get("href", ""))
        if name == "title" and not title:
            title = " ".join(text.split())
        elif name in _BODIES:
            bodies.append(text)
        elif text and len(text) <= _LONGEST_LINE:
            lines.append(f"{name}: {plain_text(text)}")
    yield from parts.heading(title, level)
    yield from parts.block(BlockKind.LIST, "\n".join(lines))
    # A summary is the beginning of the whole text.
    for paragraph in max(bodies, key=len, default="").split("\n"):
        yield from parts.block(BlockKind.PARAGRAPH, paragraph)


def _shown(text: str) -> str:
    """The text without the HTML that feeds wrap it in."""
    return visible_text(text) if _MARKUP.search(text) else text.strip()
