"""Markup without tags nested past all sense, for which a parser takes the square of the time."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DEEPEST = 2_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>")
# Elements without content, and those that the next of their kind ends.
_FLAT = frozenset({
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "source", "td", "th", "tr", "track", "wbr",
})  # fmt: skip


def shallow(markup: str) -> str:
    """The markup as it is, or with only its outermost levels where it is nested very deep."""
    if markup.count("<") < _DEEPEST:
        return markup
    return "".join(_pieces(markup))


def _pieces(markup: str) -> Iterator[str]:
    depth = end = 0
    for tag in _TAG.finditer(markup):
        if tag.group(2).lower() in _FLAT or tag.group().endswith("/>"):
            continue
        closes = bool(tag.group(1))
        if (depth := max(0, depth - closes)) >= _DEEPEST:
            yield markup[end : tag.start()]
            yield " "
            end = tag.end()
        depth += not closes
    yield markup[end:]
