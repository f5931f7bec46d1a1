"""HTML: what a browser would show, as headings, paragraphs, lists and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop.documents.charset import decode
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.html_asides import aside_kind, is_bold, is_skip_link
from desktop.documents.readers.html_depth import shallow
from desktop.documents.readers.html_facts import facts_of, title_of
from desktop.documents.readers.html_tables import (
    SKIPPED,
    caption_of,
    is_data_table,
    is_hidden,
    table_text,
)
from desktop.documents.readers.text import encoding_remarks, printable
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "ix:nonfraction", "ix:nonnumeric",
})  # fmt: skip
_SPACE = re.compile(r"\s+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = ("td", "th")
_BOLD_LEVEL = 7
_LONGEST_BOLD = 90
_BLOCK_KINDS = {
    "pre": BlockKind.CODE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
}


def read_html(path: Path) -> Reading:
    """Yield the visible text in parts; nothing the page links to is opened."""
    decoded = decode(path.read_bytes(), markup=True)
    root = _parsed(decoded.text)
    title = title_of(root) or path.stem
    yield Opened(DocumentKind.HTML, title, PageUnit.PART, None, facts_of(root))
    parts = Parts()
    yield from _Flow(parts).read(root)
    yield from parts.rest()
    yield from encoding_remarks(decoded)


def visible_text(markup: str) -> str:
    """The visible text of a piece of HTML, blocks on lines of their own."""
    return "\n".join(read.page.text for read in markup_parts(markup))


def markup_parts(markup: str) -> Iterator[ReadPage]:
    """The visible text of a piece of HTML with its structure, in parts."""
    parts = Parts()
    yield from _Flow(parts).read(_parsed(markup))
    yield from parts.rest()


def section_parts(parts: Parts, markup: str, sections: Mapping[str, str]) -> Iterator[ReadPage]:
    """Add a document of a book; at each element whose id is in `sections` its page begins."""
    return _Flow(parts, sections).read(_parsed(markup))


def title_in(markup: str) -> str:
    """The title of a piece of HTML, "" without one."""
    return title_of(_parsed(markup))


def _parsed(text: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(shallow(printable(text))).root


class _Flow:
    """Walks the tree without recursion, for a page may be nested without end."""

    def __init__(self, parts: Parts, sections: Mapping[str, str] | None = None) -> None:
        self._parts = parts
        self._sections = sections or {}
        self._words: list[str] = []
        self._lists: list[_List] = []
        self._items: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        # The element that guides through the site, while the walk is inside it.
        self._aside: Any = None
        self._aside_kind: BlockKind | None = None
        self._bold = 0
        self._cells = 0
        self._has_plain = False

    def read(self, root: Any) -> Iterator[ReadPage]:
        """The blocks below `root`; what is left of a part stays in it."""
        node = root
        while node is not None:
            yield from self._begin_section(node)
            below = None if self._is_passed_over(node) else node.child
            if below is not None or node.tag == "-text":
                yield from self._enter(node)
            elif node.tag in ("br", "hr"):
                self._words.append("\n")
            elif node.tag == "table":
                yield from self._table(node)
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

    def _begin_section(self, node: Any) -> Iterator[ReadPage]:
        if self._sections and (name := self._sections.get(node.id or "")):
            yield from self._flush()
            yield from self._parts.begin(name)

    def _is_passed_over(self, node: Any) -> bool:
        return node.tag in SKIPPED or is_hidden(node) or is_data_table(node)

    def _enter(self, node: Any) -> Iterator[ReadPage]:
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            self._words.append(text if self._kind is BlockKind.CODE else _SPACE.sub(" ", text))
            self._has_plain |= not self._bold and not text.isspace()
            return
        self._bold += is_bold(node)
        self._cells += tag in _CELLS
        if tag in _INLINE:
            return
        if self._aside is None and (kind := aside_kind(node)):
            yield from self._flush()
            self._aside, self._aside_kind = node.mem_id, kind
        if self._lists:
            self._end_item()
        else:
            yield from self._flush()
            self._level = _HEADINGS.get(tag, 0)
            self._kind = _BLOCK_KINDS.get(tag, BlockKind.PARAGRAPH)
        if tag in ("ul", "ol"):
            self._lists.append(_List(tag == "ol", _number_of(node, "start")))
        elif tag == "li" and self._lists:
            self._lists[-1].begin_item(_number_of(node, "value"))

    def _leave(self, node: Any) -> Iterator[ReadPage]:
        tag = node.tag
        self._bold -= is_bold(node)
        self._cells -= tag in _CELLS
        if tag in _INLINE:
            return
        if tag in _CELLS:
            self._words.append(" ")
            return
        if self._lists:
            self._end_item()
            if tag in ("ul", "ol"):
                self._lists.pop()
        if not self._lists:
            yield from self._flush()
            self._level, self._kind = 0, BlockKind.PARAGRAPH
        if node.mem_id == self._aside:
            yield from self._flush()
            self._aside = self._aside_kind = None

    def _table(self, table: Any) -> Iterator[ReadPage]:
        yield from self._flush()
        yield from self._block(BlockKind.CAPTION, _tidy(caption_of(table)))
        text, columns = table_text(table)
        # One column is a frame around text.
        yield from self._block(BlockKind.TABLE if columns > 1 else BlockKind.PARAGRAPH, text)

    def _end_item(self) -> None:
        text = _tidy("".join(self._words))
        self._words = []
        if text:
            self._items.append("  " * (len(self._lists) - 1) + self._lists[-1].mark() + text)

    def _flush(self) -> Iterator[ReadPage]:
        if self._items or self._lists:
            self._end_item()
            items, self._items = self._items, []
            yield from self._block(BlockKind.LIST, "\n".join(items))
            return
        joined = "".join(self._words)
        has_plain, self._has_plain = self._has_plain, False
        self._words = []
        text = joined.strip("\n") if self._kind is BlockKind.CODE else _tidy(joined)
        level = self._level
        is_plain = has_plain or self._kind is not BlockKind.PARAGRAPH
        if not level and not is_plain and _may_head(text, self._cells > 0):
            level = _BOLD_LEVEL
        if level and self._aside is None:
            yield from self._parts.heading(text, level)
        else:
            yield from self._block(BlockKind.HEADER if is_skip_link(text) else self._kind, text)

    def _block(self, kind: BlockKind, text: str) -> Iterator[ReadPage]:
        yield from self._parts.block(self._aside_kind or kind, text)


class _List:
    """Counts the items of one list."""

    def __init__(self, is_numbered: bool, first: int | None) -> None:
        self._is_numbered = is_numbered
        self._number = (first if first is not None else 1) - 1
        self._is_begun = False

    def begin_item(self, number: int | None) -> None:
        self._number = number if number is not None else self._number + 1
        self._is_begun = True

    def mark(self) -> str:
        """What stands before the item's first line; its further lines are only indented."""
        if not self._is_begun:
            return "  "
        self._is_begun = False
        return f"{self._number}. " if self._is_numbered else "- "


def _number_of(node: Any, name: str) -> int | None:
    written = (node.attributes.get(name) or "").strip()
    return int(written) if re.fullmatch(r"\d{1,6}", written) else None


def _may_head(text: str, in_cell: bool) -> bool:
    """Whether a line in bold type is a heading, and not a sentence, a label or a table's figure."""
    if "\n" in text or len(text) > _LONGEST_BOLD or text.endswith((".", ",", ";", ":", ")")):
        return False
    return sum(map(str.isalpha, text)) > 2 and (not in_cell or text.count(" ") >= 2)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))
