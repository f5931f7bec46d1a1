"""Paragraphs, lists, tables and boxes of an OpenDocument text, in their order, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.odf import (
    CONTENT,
    OdfStyles,
    all_printed,
    printed,
    table_rows,
    table_text,
)
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.domain.documents import BlockKind

_FRAMES = frozenset({
    "section", "index-body", "table-of-content", "text-box", "illustration-index", "table-index",
    "bibliography", "alphabetical-index", "user-index", "object-index", "index-title",
    "numbered-paragraph",
})  # fmt: skip
_DRAWN = frozenset({
    "frame", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "polygon",
    "polyline", "path", "caption", "regular-polygon", "measure",
})  # fmt: skip
_HELD = frozenset({"g", "a"})


class OdfFlow:
    """Walks a body and its boxes; notes and comments follow the paragraph they belong to."""

    def __init__(self, package: OfficePackage, styles: OdfStyles, parts: Parts) -> None:
        self._package = package
        self._styles = styles
        self._parts = parts

    def body(self, element: Any) -> Iterator[ReadPage]:
        """Everything that stands in the element."""
        for child in element:
            name = local_name(child)
            if name in ("p", "h"):
                yield from self._paragraph(child)
            elif name == "list":
                yield from self.listed(child)
            elif name == "table":
                yield from self._table(child)
            elif name in _FRAMES:
                yield from self.body(child)
            elif name in _DRAWN or name in _HELD:
                yield from self.drawn(child)

    def drawn(self, shape: Any) -> Iterator[ReadPage]:
        """A shape or a frame, with what is in it."""
        if local_name(shape) in _HELD:
            for child in shape:
                yield from self.drawn(child)
            return
        chart = next(shape.iterchildren("{*}object"), None)
        if chart is not None:
            yield from self._object(chart)
        else:
            yield from self.body(shape)

    def listed(self, element: Any) -> Iterator[ReadPage]:
        """A list with its nested ones as one block; headings and tables in it stand apart."""
        items: list[str] = []
        apart: list[Any] = []
        self._collect(element, attribute(element, "style-name"), 0, items, apart)
        yield from self._parts.block(BlockKind.LIST, "\n".join(items))
        for child in apart:
            yield from (
                self._table(child) if local_name(child) == "table" else self._paragraph(child)
            )

    def _collect(
        self, element: Any, style: str, level: int, items: list[str], apart: list[Any]
    ) -> None:
        start, count = "", 0
        counted = (style, level) in self._styles.numbered
        for item in element.iterchildren("{*}list-item", "{*}list-header"):
            said = attribute(item, "start-value")
            start = said if said.isdecimal() else ""
            count = int(start) if start else count + 1
            label = f"{count}." if counted else "-"
            if local_name(item) == "list-header":
                label, count = "", count - 1
            for child in item:
                name = local_name(child)
                if name == "list":
                    self._collect(child, style, level + 1, items, apart)
                elif name == "p" and (text := printed(child)):
                    items.append(f"{'  ' * level}{label} {text}".rstrip() if label else text)
                    label = " " * len(label) if label else ""
                elif name in ("h", "table"):
                    apart.append(child)

    def _paragraph(self, paragraph: Any) -> Iterator[ReadPage]:
        text = printed(paragraph)
        level = self._styles.heading_level(paragraph)
        if text and level:
            yield from self._parts.heading(text, level)
        elif text:
            kind = BlockKind.PARAGRAPH
            if self._styles.is_caption(paragraph):
                kind = BlockKind.CAPTION
            yield from self._parts.block(kind, text)
        for child in paragraph.iter("{*}note-body", "{*}annotation"):
            yield from self._parts.block(BlockKind.PARAGRAPH, _said(child))
        yield from self._within(paragraph)

    def _within(self, element: Any) -> Iterator[ReadPage]:
        for child in element:
            name = local_name(child)
            if name in _DRAWN or name in _HELD:
                yield from self.drawn(child)
            elif name == "span":
                yield from self._within(child)

    def _table(self, table: Any) -> Iterator[ReadPage]:
        rows = list(table_rows(table))
        if rows and all(len(cells) == 1 for cells in rows):
            # One column is a frame around text.
            for cell in table.iter("{*}table-cell"):
                yield from self.body(cell)
            return
        yield from self._parts.block(BlockKind.TABLE, table_text(table))
        for nested in table.iterfind(".//{*}table-cell/{*}table"):
            yield from self._table(nested)

    def _object(self, element: Any) -> Iterator[ReadPage]:
        """A chart that is a document of its own within this one: its title and its figures."""
        folder = attribute(element, "href").removeprefix("./").strip("/")
        name = f"{folder}/{CONTENT}"
        if not folder or not self._package.has(name):
            return
        for chart in self._package.tree(name).iter("{*}chart"):
            titles = (all_printed(title) for title in chart.iter("{*}title", "{*}subtitle"))
            yield from self._parts.block(BlockKind.CAPTION, "\n".join(filter(None, titles)))
            for table in chart.iterchildren("{*}table"):
                yield from self._parts.block(BlockKind.TABLE, table_text(table))


def _said(note: Any) -> str:
    """A note's text, a comment's with its author."""
    author = note.findtext("{*}creator") or ""
    text = all_printed(note)
    return f"{author}: {text}" if author and text else text
