"""HTML: what a browser would show, as headings, paragraphs, lists and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.documents.charset import decode
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.text import encoding_remarks, printable
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg",
    "math", "canvas", "audio", "video", "select", "datalist",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "ix:nonfraction", "ix:nonnumeric",
})  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_KINDS = {
    "pre": BlockKind.CODE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
}


def read_html(path: Path) -> Reading:
    """Yield the visible text in parts; nothing the page links to is opened."""
    decoded = decode(path.read_bytes(), markup=True)
    root = _parsed(decoded.text)
    yield Opened(DocumentKind.HTML, _title(root) or path.stem, PageUnit.PART)
    yield from _Flow(Parts()).read(root)
    yield from encoding_remarks(decoded)


def visible_text(markup: str) -> str:
    """The visible text of a piece of HTML, blocks on lines of their own."""
    pages = _Flow(Parts()).read(_parsed(markup))
    return "\n".join(read.page.text for read in pages)


def _parsed(text: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(printable(text)).root


def _title(root: Any) -> str:
    title = root.css_first("title") if root is not None else None
    return " ".join(title.text().split())[:200] if title is not None else ""


class _Flow:
    """Walks the tree without recursion, for a page may be nested without end."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._words: list[str] = []
        self._lists: list[str] = []
        self._items: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0

    def read(self, root: Any) -> Iterator[ReadPage]:
        node = root
        while node is not None:
            below = None if self._is_passed_over(node) else node.child
            if below is not None or node.tag == "-text":
                yield from self._enter(node)
            elif node.tag in ("br", "hr"):
                self._words.append("\n")
            elif node.tag == "table":
                yield from self._flush()
                yield from self._parts.block(BlockKind.TABLE, _table_text(node))
            if below is not None:
                node = below
                continue
            while node is not None and node.next is None:
                node = node.parent
                if node is None or node.mem_id == root.mem_id:
                    node = None
                    break
                yield from self._leave(node)
            node = node.next if node is not None else None
        yield from self._flush()
        yield from self._parts.rest()

    def _is_passed_over(self, node: Any) -> bool:
        return node.tag in _SKIPPED or _is_hidden(node) or _is_data_table(node)

    def _enter(self, node: Any) -> Iterator[ReadPage]:
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            self._words.append(text if self._kind is BlockKind.CODE else re.sub(r"\s+", " ", text))
            return
        if tag in _INLINE:
            return
        if self._lists:
            self._end_item()
        else:
            yield from self._flush()
            self._level = _HEADINGS.get(tag, 0)
            self._kind = _BLOCK_KINDS.get(tag, BlockKind.PARAGRAPH)
        if tag in ("ul", "ol"):
            self._lists.append(tag)

    def _leave(self, node: Any) -> Iterator[ReadPage]:
        tag = node.tag
        if tag in _INLINE:
            return
        if tag in ("td", "th"):
            self._words.append(" ")
            return
        if self._lists:
            self._end_item()
            if tag in ("ul", "ol"):
                self._lists.pop()
        if not self._lists:
            yield from self._flush()
            self._level, self._kind = 0, BlockKind.PARAGRAPH

    def _end_item(self) -> None:
        text = _tidy("".join(self._words))
        self._words = []
        if text:
            self._items.append("  " * (len(self._lists) - 1) + "- " + text)

    def _flush(self) -> Iterator[ReadPage]:
        if self._items or self._lists:
            self._end_item()
            items, self._items = self._items, []
            yield from self._parts.block(BlockKind.LIST, "\n".join(items))
            return
        joined = "".join(self._words)
        self._words = []
        text = joined.strip("\n") if self._kind is BlockKind.CODE else _tidy(joined)
        if self._level:
            yield from self._parts.heading(text, self._level)
        else:
            yield from self._parts.block(self._kind, text)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def _is_hidden(node: Any) -> bool:
    if node.tag in ("-text", "-comment", "-document", "!doctype"):
        return node.tag in ("-comment", "!doctype")
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


def _is_data_table(node: Any) -> bool:
    """A table of cells, not one that only places whole paragraphs on the page."""
    if node.tag != "table":
        return False
    return node.css_first("table table, td p + p, td h1, td h2, td h3, td ul, td div div") is None


def _table_text(table: Any) -> str:
    rows = []
    for row in table.css("tr"):
        cells = [_cell_text(cell) for cell in row.css("td, th") if not _is_hidden(cell)]
        if any(cells):
            rows.append(" | ".join(filter(None, cells)))
    return "\n".join(rows)


def _cell_text(cell: Any) -> str:
    return " ".join(cell.text(separator=" ").split())
