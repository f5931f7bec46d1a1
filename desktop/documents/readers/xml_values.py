"""Text and values of XML elements, without names of namespaces and without entities."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from desktop.documents.readers.nested import Nested
from desktop.documents.readers.office_package import local_name
from desktop.documents.readers.text import printable

_UNSAID = ("schemaLocation", "noNamespaceSchemaLocation")
_LONGEST_FACT = 200
_LOOKED_THROUGH = 400
_DEEPEST_FACT = 4


def all_text(element: Any) -> str:
    """The text in an element and in all below it, as it stands."""
    text = "".join(_texts(element)) if len(element) else element.text or ""
    return text if text.isprintable() else printable(text)


def plain_text(text: str | None) -> str:
    """The text on one line."""
    return " ".join(printable(text or "").split())


def children_of(element: Any) -> list[Any]:
    """The elements directly below."""
    return [child for child in element if isinstance(child.tag, str)]


def is_mixed(element: Any) -> bool:
    """Whether text stands between its elements, as in prose."""
    texts = [element.text, *(child.tail for child in element)]
    return any(text and not text.isspace() for text in texts)


def nested_value(element: Any) -> Nested:
    """The element as names and values: attributes and elements by name, repeated ones as lists."""
    if not len(element) and not element.attrib:
        return all_text(element).strip()
    children = children_of(element)
    if local_name(element) == "dict" and children and local_name(children[0]) == "key":
        return _property_list(children)
    value = attributes_of(element)
    if not children or is_mixed(element):
        text = all_text(element).strip()
        return {**value, "": text} if value else text
    names = [local_name(child) for child in children]
    if not value and len(names) > 1 and len(set(names)) == 1:
        return [nested_value(child) for child in children]
    grouped: dict[str, list[Nested]] = {}
    for name, child in zip(names, children, strict=True):
        grouped.setdefault(name, []).append(nested_value(child))
    for name, values in grouped.items():
        # An attribute may have the same name.
        value[f"{name} " if name in value else name] = values if len(values) > 1 else values[0]
    return value


def attributes_of(element: Any) -> dict[str, Nested]:
    """The attributes that say something of the element itself."""
    return {
        _local(name): printable(text)
        for name, text in element.attrib.items()
        if _local(name) not in _UNSAID
    }


def said_in(element: Any, names: Sequence[str]) -> str:
    """The first short text in an element of one of these names near the top, "" without one."""
    for inner in islice(element.iter("{*}*"), _LOOKED_THROUGH):
        if local_name(inner) in names and _depth(inner, element) <= _DEEPEST_FACT:
            text = plain_text(" ".join(_texts(inner)))
            if 0 < len(text) <= _LONGEST_FACT:
                return text
    return ""


def _property_list(children: Sequence[Any]) -> Nested:
    """Keys and values in turn, as Apple's property lists have them."""
    found: dict[str, Nested] = {}
    for key, value in zip(children[::2], children[1::2], strict=False):
        known = local_name(value) in ("true", "false")
        found[all_text(key)] = local_name(value) if known else nested_value(value)
    return found


def _texts(element: Any) -> Iterator[str]:
    waiting: list[Any] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
            continue
        if not isinstance(item.tag, str):
            # An entity that nobody resolves, unless every browser knows it.
            yield html.unescape(item.text or "")
            continue
        if item.text:
            yield item.text
        for child in reversed(item):
            if child.tail:
                waiting.append(child.tail)
            waiting.append(child)


def _depth(inner: Any, outer: Any) -> int:
    depth = 0
    while inner is not outer and inner is not None and depth <= _DEEPEST_FACT:
        inner = inner.getparent()
        depth += 1
    return depth


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]
