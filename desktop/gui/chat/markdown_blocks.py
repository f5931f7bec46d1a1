"""Markdown text in, a list of top-level blocks out, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_DELIMITER_ROW = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_OPEN_LINK = re.compile(r"!?\[([^\]\n]*)(\]\([^)\s]*)?$")


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """One top-level block: the span [start, end) of the text it was parsed from."""

    start: int
    end: int
    node: SyntaxTreeNode


class MarkdownParser:
    """CommonMark with tables and strike-through; HTML stays text, nothing is ever fetched."""

    def __init__(self) -> None:
        # Imported with the first answer: an empty chat is shown without it.
        from markdown_it import MarkdownIt
        from markdown_it.tree import SyntaxTreeNode

        self._tree = SyntaxTreeNode
        # maxNesting bounds the recursion that hostile text such as 10,000 ">" would cause.
        options = {"html": False, "linkify": False, "maxNesting": 20}
        self._parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])

    def blocks(self, text: str) -> list[MarkdownBlock]:
        """The top-level blocks of `text`, in order."""
        # str.splitlines also cuts at form feeds and the like, which Markdown does not.
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        found = []
        for node in self._tree(self._parser.parse(text)).children:
            first, last = node.map or (0, 0)
            end = min(starts[min(last, len(starts) - 1)], len(text))
            found.append(MarkdownBlock(starts[first], end, node))
        return found


def settle_tail(text: str) -> str:
    """The unfinished last block as it should be read while it streams.

    Marks that are open are closed, and what cannot be shown yet (half a link, a table without
    its second row) is held back, so that nothing flickers when the rest arrives.
    """
    stripped = text.lstrip()
    if stripped.startswith(("```", "~~~")):
        return text
    if stripped.startswith("|"):
        return _settle_table(text)
    return _close_marks(_drop_open_link(text))


def _settle_table(text: str) -> str:
    lines = text.split("\n")
    rows = [line for line in lines if line.strip()]
    if len(rows) < 2 or not (_DELIMITER_ROW.match(rows[1]) and len(rows) > 2):
        return ""
    # A row is shown when its last cell is closed: half rows would widen columns letter by letter.
    if not lines[-1].rstrip().endswith("|"):
        lines = lines[:-1]
    return "\n".join(lines)


def _drop_open_link(text: str) -> str:
    match = _OPEN_LINK.search(text)
    return text[: match.start()] + match.group(1) if match else text


def _close_marks(text: str) -> str:
    last = text.rsplit("\n\n", 1)[-1]
    if last.count("`") % 2:
        return text + "`"
    for mark in ("**", "__", "~~"):
        if last.count(mark) % 2:
            bare = text.rstrip()
            return bare[: -len(mark)] if bare.endswith(mark) else bare + mark
    return text
