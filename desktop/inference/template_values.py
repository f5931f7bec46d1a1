"""Values of a chat template, measured: no list that holds itself a million times over.

A few nested lists of two make a value of more parts than memory has, `[[x, x], [x, x]]` and so on.
Building it costs nothing; turning it into text or comparing it never ends, inside the
interpreter, where no clock is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, ItemsView, Iterable, KeysView, Mapping, ValuesView
from typing import Any

_MOST_PARTS = 1 << 20
_LARGEST_PRODUCT = 1 << 24
_DEEPEST = 64
_PLAIN = (str, int, float, type(None))


class TemplateFailed(Exception):
    """A template cannot be parsed or rendered, in plain words."""


def check_watched() -> None:
    """Raises `TemplateFailed` where nobody looks at the clock any more.

    The interpreter stops watching once the watch has raised, and some tests of jinja2 swallow
    what was raised: then this is the second look.
    """
    if sys.gettrace() is None:
        raise TemplateFailed("the chat template does not come to an end")


def bounded(value: Any) -> Any:
    """The value itself; raises `TemplateFailed` where it has too many parts, however shared."""
    if not isinstance(value, _PLAIN):
        _parts_of(value, {}, 0)
    return value


def check_product(values: Iterable[Any]) -> None:
    """Raises `TemplateFailed` where putting one into each part of another makes too much."""
    *_, second, first = sorted([1, 1, *(_parts_of(value, {}, 0) for value in values)])
    if first * second > _LARGEST_PRODUCT:
        raise TemplateFailed("the chat template makes an endless prompt")


def _parts_of(value: Any, known: dict[int, int], depth: int) -> int:
    if isinstance(value, str):
        return 1 + len(value)
    held = _held_by(value)
    if held is None:
        return 1
    if id(value) in known:
        return known[id(value)]
    if depth > _DEEPEST:
        raise TemplateFailed("the chat template nests too deep")
    known[id(value)] = 1  # what holds itself is printed once
    parts = 1
    for one in held:
        parts += _parts_of(one, known, depth + 1)
        if parts > _MOST_PARTS:
            raise TemplateFailed("the chat template makes an endless prompt")
    known[id(value)] = parts
    return parts


def _held_by(value: Any) -> Collection[Any] | None:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset | KeysView | ValuesView | ItemsView):
        return value
    # jinja2's namespace shows what it holds, and says nowhere else what that is.
    attributes = getattr(value, "_Namespace__attrs", None)
    return list(attributes.values()) if isinstance(attributes, dict) else None
