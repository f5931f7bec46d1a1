"""Whether two branches of a JSON schema's "oneOf" can never take the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

_TYPES = frozenset({"object", "array", "string", "number", "boolean", "null"})
_DEEPEST = 8

Resolve = Callable[[Any], Any]


def are_apart(one: Any, other: Any, resolve: Resolve, depth: int = 0) -> bool:
    """True where it is certain: other types, other constants, or a needed property that differs.

    `resolve` follows a "$ref".
    """
    if depth > _DEEPEST:
        return False
    one, other = resolve(one), resolve(other)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    if _types(one).isdisjoint(_types(other)):
        return True
    constants = _constants(one), _constants(other)
    if constants[0] is not None and constants[1] is not None:
        return constants[0].isdisjoint(constants[1])
    if _types(one) | _types(other) != {"object"}:
        return False
    return any(
        are_apart(_property(one, name), _property(other, name), resolve, depth + 1)
        for name in _needed(one) & _needed(other)
    )


def type_of(value: Any) -> str:
    """The JSON type of a parsed value; whole numbers are numbers."""
    match value:
        case bool():
            return "boolean"
        case None:
            return "null"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def is_of(value: Any, named: Any) -> bool:
    """Whether a value is of the type, or of one of the types, that a schema names."""
    if named is None:
        return True
    names = named if isinstance(named, list) else [named]
    whole = type_of(value) == "number" and value == int(value)
    return type_of(value) in names or (whole and "integer" in names)


def _types(schema: dict[str, Any]) -> frozenset[str]:
    constants = _values(schema)
    if constants is not None:
        return frozenset(map(type_of, constants))
    named = schema.get("type")
    if named is None:
        return _TYPES
    names = named if isinstance(named, list) else [named]
    return frozenset("number" if name == "integer" else str(name) for name in names)


def _constants(schema: dict[str, Any]) -> frozenset[str] | None:
    values = _values(schema)
    return None if values is None else frozenset(map(_written, values))


def _values(schema: dict[str, Any]) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    found = schema.get("enum")
    return found if isinstance(found, list) else None


def _written(value: Any) -> str:
    # 1 and 1.0 are the same number.
    whole = isinstance(value, float) and value.is_integer()
    return json.dumps(int(value) if whole else value, sort_keys=True)


def _needed(schema: dict[str, Any]) -> set[str]:
    found = schema.get("required")
    return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


def _property(schema: dict[str, Any], name: str) -> Any:
    found = schema.get("properties")
    return found.get(name, True) if isinstance(found, dict) else True
