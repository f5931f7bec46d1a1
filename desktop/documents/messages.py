"""Reading events as messages on the pipe between the reader and its child."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop.documents.content import Opened, PageFlag, ReadingEvent, ReadPage, Remark
from desktop.domain.documents import (
    Block,
    BlockKind,
    Box,
    DocumentFacts,
    DocumentKind,
    InnerFile,
    Line,
    Page,
    PageUnit,
)


def to_body(event: ReadingEvent) -> dict[str, Any]:
    """The event as plain values; boxes are rounded to a hundredth of a point."""
    if isinstance(event, Opened):
        return {
            "opened": [event.kind.value, event.title, event.unit.value, event.page_count],
            "facts": asdict(event.facts),
        }
    if isinstance(event, InnerFile):
        return {"inner": [event.name, event.size_bytes]}
    if isinstance(event, Remark):
        return {"remark": event.text}
    page = event.page
    return {
        "page": [page.number, page.text, round(page.width, 2), round(page.height, 2), page.name],
        "blocks": [
            [block.kind.value, block.start, block.end, block.heading_path, _corners(block.box)]
            for block in page.blocks
        ],
        "lines": [[line.start, line.end, *(_corners(line.box) or ())] for line in page.lines],
        "flags": [flag.value for flag in event.flags],
    }


def of_body(body: dict[str, Any]) -> ReadingEvent:
    """The event that `to_body` made these values from."""
    if "opened" in body:
        kind, title, unit, page_count = body["opened"]
        facts = DocumentFacts(**body["facts"])
        return Opened(DocumentKind(kind), title, PageUnit(unit), page_count, facts)
    if "inner" in body:
        return InnerFile(*body["inner"])
    if "remark" in body:
        return Remark(body["remark"])
    number, text, width, height, name = body["page"]
    blocks = tuple(
        Block(BlockKind(kind), start, end, tuple(path), Box(*corners) if corners else None)
        for kind, start, end, path, corners in body["blocks"]
    )
    lines = tuple(Line(start, end, Box(*corners)) for start, end, *corners in body["lines"])
    flags = frozenset(map(PageFlag, body["flags"]))
    return ReadPage(Page(number, text, blocks, lines, width, height, name), flags)


def _corners(box: Box | None) -> list[float] | None:
    if box is None:
        return None
    return [round(box.left, 2), round(box.top, 2), round(box.right, 2), round(box.bottom, 2)]
