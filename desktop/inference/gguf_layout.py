"""How numbers, texts, lists and tensors lie in a GGUF file, read without trusting a length."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

# ggml's tensor types: values per block and bytes per block, by the number in the file.
TENSOR_TYPES = MappingProxyType(
    {
        0: ("F32", 1, 4),
        1: ("F16", 1, 2),
        2: ("Q4_0", 32, 18),
        3: ("Q4_1", 32, 20),
        6: ("Q5_0", 32, 22),
        7: ("Q5_1", 32, 24),
        8: ("Q8_0", 32, 34),
        9: ("Q8_1", 32, 36),
        10: ("Q2_K", 256, 84),
        11: ("Q3_K", 256, 110),
        12: ("Q4_K", 256, 144),
        13: ("Q5_K", 256, 176),
        14: ("Q6_K", 256, 210),
        15: ("Q8_K", 256, 292),
        16: ("IQ2_XXS", 256, 66),
        17: ("IQ2_XS", 256, 74),
        18: ("IQ3_XXS", 256, 98),
        19: ("IQ1_S", 256, 50),
        20: ("IQ4_NL", 32, 18),
        21: ("IQ3_S", 256, 110),
        22: ("IQ2_S", 256, 82),
        23: ("IQ4_XS", 256, 136),
        24: ("I8", 1, 1),
        25: ("I16", 1, 2),
        26: ("I32", 1, 4),
        27: ("I64", 1, 8),
        28: ("F64", 1, 8),
        29: ("IQ1_M", 256, 56),
        30: ("BF16", 1, 2),
        34: ("TQ1_0", 256, 54),
        35: ("TQ2_0", 256, 66),
        39: ("MXFP4", 32, 17),
        40: ("NVFP4", 64, 36),
        41: ("Q1_0", 128, 18),
        42: ("Q2_0", 64, 18),
    }
)

_SCALARS = MappingProxyType(
    {
        0: struct.Struct("<B"),
        1: struct.Struct("<b"),
        2: struct.Struct("<H"),
        3: struct.Struct("<h"),
        4: struct.Struct("<I"),
        5: struct.Struct("<i"),
        6: struct.Struct("<f"),
        7: struct.Struct("<?"),
        10: struct.Struct("<Q"),
        11: struct.Struct("<q"),
        12: struct.Struct("<d"),
    }
)
_STRING = 8
_ARRAY = 9

_READ_BYTES = 4 << 20
_LONGEST_HEADER = 256 << 20
_LONGEST_NAME = 1 << 16
_LONGEST_TEXT = 1 << 26  # a whole tokenizer description may stand in one entry
_MOST_ELEMENTS = 1 << 24
_MOST_DIMENSIONS = 4
_KEPT_ELEMENTS = 4096

Scalar = int | float | bool | str


class Malformed(Exception):
    """The bytes do not follow the format; the message says how, in plain words."""


@dataclass(frozen=True, slots=True)
class Array:
    """An array's size and its first elements; `texts` holds all of an array of texts."""

    size: int
    elements: tuple[Scalar, ...]
    texts: tuple[bytes, ...] = ()


Value = Scalar | Array


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: where its data begins behind the header, and how much there is."""

    name: str
    type: int
    dimensions: tuple[int, ...]
    offset: int

    @property
    def elements(self) -> int:
        product = 1
        for dimension in self.dimensions:
            product *= dimension
        return product

    @property
    def size_bytes(self) -> int:
        _, block, block_bytes = TENSOR_TYPES[self.type]
        return self.elements // block * block_bytes


class GgufReader:
    """Reads forward through a file; every length is held against what is left.

    Read and not mapped: a mapped file on a stick that is pulled out ends the process.
    """

    def __init__(self, opened: BinaryIO) -> None:
        self._opened = opened
        self._data = bytearray()
        self.position = 0

    def u32(self) -> int:
        return int(self._scalar(4))

    def u64(self) -> int:
        return int(self._scalar(10))

    def take(self, size: int) -> bytes:
        end = self.position + size
        self._need(end)
        taken = bytes(self._data[self.position : end])
        self.position = end
        return taken

    def name(self) -> str:
        return _decoded(self._sized(_LONGEST_NAME), "a name")

    def value(self, type_number: int) -> Value:
        if type_number == _STRING:
            return self._sized(_LONGEST_TEXT).decode("utf-8", "replace")
        if type_number == _ARRAY:
            return self._array()
        return self._scalar(type_number)

    def tensor(self) -> Tensor:
        name = self.name()
        count = self.u32()
        if not 1 <= count <= _MOST_DIMENSIONS:
            raise Malformed(f"tensor {name[:60]!r} has {count} dimensions")
        dimensions = tuple(self.u64() for _ in range(count))
        tensor = Tensor(name, self.u32(), dimensions, self.u64())
        if tensor.type not in TENSOR_TYPES:
            raise Malformed(f"tensor {name[:60]!r} is of a type that nobody knows ({tensor.type})")
        if 0 in dimensions or tensor.elements >= 1 << 62:
            raise Malformed(f"tensor {name[:60]!r} has an impossible shape")
        if dimensions[0] % TENSOR_TYPES[tensor.type][1]:
            raise Malformed(f"tensor {name[:60]!r} does not fill its blocks")
        return tensor

    def _scalar(self, type_number: int) -> Scalar:
        layout = _SCALARS.get(type_number)
        if layout is None:
            raise Malformed(f"a value is of a type that nobody knows ({type_number})")
        value: Scalar = layout.unpack(self.take(layout.size))[0]
        return value

    def _sized(self, limit: int) -> bytes:
        size = self.u64()
        if size > limit:
            raise Malformed(f"a text claims {size:,} bytes")
        return self.take(size)

    def _array(self) -> Array:
        type_number, size = self.u32(), self.u64()
        if size > _MOST_ELEMENTS:
            raise Malformed(f"a list claims {size:,} entries")
        if type_number == _STRING:
            return Array(size, (), tuple(self._texts(size)))
        layout = _SCALARS.get(type_number)
        if layout is None:
            raise Malformed(f"a list is of a type that cannot be ({type_number})")
        data = self.take(size * layout.size)
        kept = data[: _KEPT_ELEMENTS * layout.size]
        return Array(size, tuple(value for (value,) in layout.iter_unpack(kept)))

    def _texts(self, size: int) -> Iterator[bytes]:
        # A vocabulary is 50,000 to 260,000 texts; this loop is the cost of the whole check.
        data, position, length = self._data, self.position, _SCALARS[10]
        for _ in range(size):
            if position + 8 > len(data):
                self._need(position + 8)
            (size_bytes,) = length.unpack_from(data, position)
            position += 8 + size_bytes
            if position > len(data):
                self._need(position)
            yield bytes(data[position - size_bytes : position])
        self.position = position

    def _need(self, end: int) -> None:
        while len(self._data) < end:
            if end > _LONGEST_HEADER or not (block := self._opened.read(_READ_BYTES)):
                raise Malformed("the file ends inside its header")
            self._data += block


def _decoded(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(f"{what} is not text") from None
