"""Frozen domain values to JSON and back, exactly, driven by their type hints."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
_Decode = Callable[[Any], Any]


class ValueMismatch(ValueError):
    """Stored JSON does not have the shape of the type it is read as."""


def encode(value: object) -> str:
    """Return `value` as JSON text; lone surrogates in paths survive as escapes."""
    return json.dumps(to_plain(value), separators=(",", ":"))


def decode(kind: type[Value], text: str) -> Value:
    """Return the value of type `kind` that `encode` wrote; raises `ValueMismatch`."""
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise ValueMismatch(str(error)) from error
    return from_plain(kind, plain)


def to_plain(value: object) -> Any:
    """Return `value` in terms of what JSON knows."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _field_names(type(value))}
    raise TypeError(f"no JSON form for {type(value).__name__}")


def from_plain(kind: type[Value], plain: object) -> Value:
    """Return the value of type `kind` that `to_plain` took apart; raises `ValueMismatch`.

    A missing field takes its default and an unknown one is ignored, so that values written by an
    earlier or later version can be read.
    """
    hint: Any = kind
    value: Value = _decoder(hint)(plain)
    return value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _decoder(hint: Any) -> _Decode:
    """Build the decoder of a type once; decoding then looks at no hint any more."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass_decoder(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_decoder(hint)
    if get_origin(hint) is None:
        return _primitive_decoder(hint)
    return _generic_decoder(hint, get_origin(hint), get_args(hint))


def _generic_decoder(hint: Any, origin: Any, parts: tuple[Any, ...]) -> _Decode:
    if origin in (Union, types.UnionType):
        return _optional_decoder(hint)
    if origin is tuple:
        return _tuple_decoder(parts)
    if origin is list:
        return _list_decoder(_decoder(parts[0]))
    if origin is dict:
        return _dict_decoder(_decoder(parts[1]))
    raise TypeError(f"no decoder for {hint}")


def _dataclass_decoder(kind: Any) -> _Decode:
    hints = get_type_hints(kind)
    decoders = {name: _decoder(hints[name]) for name in _field_names(kind)}

    def decode_dataclass(plain: Any) -> Any:
        if not isinstance(plain, dict):
            raise ValueMismatch(f"{kind.__name__} is not {type(plain).__name__}")
        known = {name: decoders[name](item) for name, item in plain.items() if name in decoders}
        try:
            return kind(**known)
        except TypeError as error:
            raise ValueMismatch(str(error)) from error

    return decode_dataclass


def _enum_decoder(kind: type[Enum]) -> _Decode:
    members: dict[Any, Enum] = {member.value: member for member in kind}

    def decode_enum(plain: Any) -> Enum:
        if not isinstance(plain, str) or plain not in members:
            raise ValueMismatch(f"{plain!r} is no {kind.__name__}")
        return members[plain]

    return decode_enum


def _optional_decoder(hint: Any) -> _Decode:
    inner = [part for part in get_args(hint) if part is not types.NoneType]
    if len(inner) != 1:
        raise TypeError(f"no decoder for {hint}")
    decode_inner = _decoder(inner[0])
    return lambda plain: None if plain is None else decode_inner(plain)


def _tuple_decoder(parts: tuple[Any, ...]) -> _Decode:
    if len(parts) == 2 and parts[1] is Ellipsis:
        decode_item = _decoder(parts[0])
        return lambda plain: tuple(decode_item(item) for item in _listed(plain))
    decoders = tuple(_decoder(part) for part in parts)

    def decode_tuple(plain: Any) -> tuple[Any, ...]:
        items = _listed(plain)
        if len(items) != len(decoders):
            raise ValueMismatch(f"{len(items)} items where {len(decoders)} belong")
        return tuple(one(item) for one, item in zip(decoders, items, strict=True))

    return decode_tuple


def _list_decoder(decode_item: _Decode) -> _Decode:
    return lambda plain: [decode_item(item) for item in _listed(plain)]


def _dict_decoder(decode_item: _Decode) -> _Decode:
    def decode_dict(plain: Any) -> dict[str, Any]:
        if not isinstance(plain, dict):
            raise ValueMismatch(f"{type(plain).__name__} where an object belongs")
        return {key: decode_item(item) for key, item in plain.items()}

    return decode_dict


def _primitive_decoder(hint: Any) -> _Decode:
    if hint not in (str, int, float, bool):
        raise TypeError(f"no decoder for {hint}")

    def decode_primitive(plain: Any) -> Any:
        if hint is float and type(plain) is int:
            return float(plain)
        # Exactly the type: a bool is an int to isinstance, and must not pass for one.
        if type(plain) is not hint:
            raise ValueMismatch(f"{plain!r} is no {hint.__name__}")
        return plain

    return decode_primitive


def _listed(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise ValueMismatch(f"{type(plain).__name__} where a list belongs")
    return plain
