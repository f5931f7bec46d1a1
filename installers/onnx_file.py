"""Writing an ONNX file, byte for byte the same each time, with nothing but the standard library.

ONNX is a protocol buffer; these are the few messages of onnx.proto that a plain graph needs, each
field with its number there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

_VARINT, _FIXED32, _BYTES = 0, 5, 2


class Element(IntEnum):
    """What a tensor is made of, numbered as in `TensorProto.DataType`."""

    FLOAT = 1
    INT8 = 3
    INT64 = 7


@dataclass(frozen=True)
class Weight:
    """A constant: its bytes are in this file, or in `outside`: file, offset and length."""

    name: str
    element: Element
    shape: tuple[int, ...]
    raw: bytes = b""
    outside: tuple[str, int, int] | None = None

    def encoded(self) -> bytes:
        parts = [_number(1, size) for size in self.shape]
        parts += [_number(2, self.element), _text(8, self.name)]
        if self.outside is None:
            return b"".join([*parts, _bytes(9, self.raw)])
        file, offset, length = self.outside
        for key, value in (("location", file), ("offset", str(offset)), ("length", str(length))):
            parts.append(_bytes(13, _text(1, key) + _text(2, value)))
        return b"".join([*parts, _number(14, 1)])


Attribute = int | float | Sequence[int]


@dataclass
class Graph:
    """Nodes in the order they are computed; every result is named by its node."""

    nodes: list[bytes] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)

    def weight(self, weight: Weight) -> str:
        self.weights.append(weight)
        return weight.name

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = "",
        **attributes: Attribute,
    ) -> str:
        """Append a node; returns the name of its first result."""
        parts = [_text(1, name) for name in inputs]
        parts += [_text(2, name) for name in outputs]
        parts += [_text(3, outputs[0]), _text(4, kind)]
        parts += [_bytes(5, _attribute(key, value)) for key, value in sorted(attributes.items())]
        self.nodes.append(b"".join([*parts, _text(7, domain)]))
        return outputs[0]

    def model(
        self,
        inputs: Sequence[tuple[str, Element, Sequence[str | int]]],
        outputs: Sequence[tuple[str, Element, Sequence[str | int]]],
        opsets: Sequence[tuple[str, int]],
    ) -> bytes:
        """The whole file; a dimension is a number, or a name where it may be any."""
        graph = [_bytes(1, node) for node in self.nodes]
        graph += [_text(2, "embedder")]
        graph += [_bytes(5, weight.encoded()) for weight in self.weights]
        graph += [_bytes(11, _value(*one)) for one in inputs]
        graph += [_bytes(12, _value(*one)) for one in outputs]
        parts = [_number(1, _IR_VERSION), _text(2, "carrel"), _bytes(7, b"".join(graph))]
        parts += [_bytes(8, _text(1, domain) + _number(2, number)) for domain, number in opsets]
        return b"".join(parts)


_IR_VERSION = 10


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, _FIXED32) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, element: Element, shape: Sequence[str | int]) -> bytes:
    sizes = (_text(2, one) if isinstance(one, str) else _number(1, one) for one in shape)
    tensor = _number(1, element) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def _bytes(number: int, value: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode())


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
