"""What a Word paragraph is by its style: a heading of some level, a list item, a caption."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from desktop.documents.readers.office_package import attribute

_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título|titolo)\s*([1-9])", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"toc ([1-9])", re.IGNORECASE)
_BODY_LEVEL = 9
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """`heading_level` counts from 1 for the document's title, 0 for no heading; `list_place` is
    the list's id and the level in it, from 0; `contents_level` counts from 1 for a line of the
    table of contents, 0 for others."""

    heading_level: int = 0
    list_place: tuple[str, int] | None = None
    is_caption: bool = False
    contents_level: int = 0


@dataclass(slots=True)
class Styles:
    """The document's paragraph styles by id."""

    _elements: dict[str, Any] = field(default_factory=dict)
    _known: dict[str, ParagraphStyle] = field(default_factory=dict)

    @staticmethod
    def of(root: Any) -> Styles:
        """Read the definitions; None where the document has none."""
        if root is None:
            return Styles()
        return Styles({attribute(style, "styleId"): style for style in root.iterfind("{*}style")})

    def of_paragraph(self, paragraph: Any) -> ParagraphStyle:
        """The paragraph's style with what it sets for itself."""
        properties = paragraph.find("{*}pPr")
        if properties is None:
            return ParagraphStyle()
        named = properties.find("{*}pStyle")
        style = self._named(attribute(named, "val")) if named is not None else ParagraphStyle()
        place = _list_place(properties, style.list_place)
        level = _outline_level(properties)
        return ParagraphStyle(
            style.heading_level if level is None else level,
            place,
            style.is_caption,
            style.contents_level,
        )

    def _named(self, style_id: str) -> ParagraphStyle:
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str) -> ParagraphStyle:
        level: int | None = None
        place: tuple[str, int] | None = None
        is_caption = False
        contents_level = 0
        for element in self._ancestry(style_id):
            name = attribute(element.find("{*}name"), "val") if len(element) else ""
            properties = element.find("{*}pPr")
            if level is None:
                level = _named_level(name)
            is_caption = is_caption or name.lower() == "caption"
            if match := _CONTENTS_NAME.fullmatch(name):
                contents_level = contents_level or int(match[1])
            if properties is None:
                continue
            if level is None:
                level = _outline_level(properties)
            if place is None:
                place = _list_place(properties, None)
        return ParagraphStyle(level or 0, place, is_caption, contents_level)

    def _ancestry(self, style_id: str) -> list[Any]:
        chain: list[Any] = []
        while style_id in self._elements and len(chain) < _MOST_ANCESTORS:
            element = self._elements[style_id]
            chain.append(element)
            parent = element.find("{*}basedOn")
            style_id = attribute(parent, "val") if parent is not None else ""
        return chain


def _named_level(name: str) -> int | None:
    if name.lower() == "title":
        return 1
    match = _HEADING_NAME.fullmatch(name.strip())
    return int(match[1]) + 1 if match else None


def _outline_level(properties: Any) -> int | None:
    mark = properties.find("{*}outlineLvl")
    value = attribute(mark, "val") if mark is not None else ""
    if not value.isdecimal():
        return None
    return 0 if int(value) >= _BODY_LEVEL else int(value) + 2


def _list_place(properties: Any, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    mark = properties.find("{*}numPr")
    if mark is None:
        return inherited
    list_id, level = mark.find("{*}numId"), mark.find("{*}ilvl")
    identity = attribute(list_id, "val") if list_id is not None else (inherited or ("", 0))[0]
    if identity in ("", "0"):
        return None
    value = attribute(level, "val") if level is not None else ""
    return identity, int(value) if value.isdecimal() else (inherited or ("", 0))[1]
