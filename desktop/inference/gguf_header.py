"""What stands before the weights of a GGUF file: every length held against the file itself."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from desktop.domain.models import ModelFacts
from desktop.inference.gguf_layout import (
    TENSOR_TYPES,
    Array,
    GgufReader,
    Malformed,
    Tensor,
    Value,
)
from desktop.inference.plain_line import plain_line

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_ENTRIES = 1 << 16
# Some programs pad the end; more than this is another file glued on, or a lie.
_MOST_BEHIND = 1 << 20
_LONGEST_TENSOR_NAME = 63
_DEFAULT_ALIGNMENT = 32
_LONGEST_NAME = 200
# A little more than the sandbox takes, so that it says so; the register keeps no megabytes.
_LONGEST_TEMPLATE = (256 << 10) + 1
_MAKERS = ("organization", "author")
_SOURCES = ("source.huggingface.repository", "repo_url", "source.repo_url", "source.url", "url")


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What stands before the weights of a whole, well-formed model; `parts` are its files."""

    metadata: Mapping[str, Value]
    tensors: tuple[Tensor, ...]
    size_bytes: int
    parts: tuple[Path, ...] = ()

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    def text(self, key: str) -> str:
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, otherwise: int = 0) -> int:
        """A whole number; the largest where each layer has its own."""
        value = self.metadata.get(key)
        if isinstance(value, Array):
            whole = (one for one in value.elements if isinstance(one, int))
            return max(whole, default=otherwise)
        return value if isinstance(value, int) else otherwise

    def of_model(self, key: str, otherwise: int = 0) -> int:
        return self.number(f"{self.architecture}.{key}", otherwise)

    def of_layers(self, key: str, layers: int) -> list[int]:
        """A whole number for each layer; empty where the header does not state it."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        if isinstance(value, Array):
            return [one for one in value.elements[:layers] if isinstance(one, int)]
        return [value] * layers if isinstance(value, int) else []

    def tensor_bytes(self, name: str) -> int:
        """The size of one tensor; 0 where there is none of that name."""
        return next((one.size_bytes for one in self.tensors if one.name == name), 0)


def read_header(path: Path) -> GgufHeader:
    """Parse everything before the weights of one file, and check that the weights are all there.

    What the entries mean is not looked at; `gguf_check` does. Raises `Malformed` and `OSError`.
    """
    with path.open("rb") as opened:
        return _parse(opened, os.fstat(opened.fileno()).st_size, path)


def facts_of(header: GgufHeader) -> ModelFacts:
    """The facts that the register keeps."""
    return ModelFacts(
        name=plain_line(header.text("general.name"), _LONGEST_NAME),
        architecture=header.architecture,
        parameters=sum(tensor.elements for tensor in header.tensors),
        quantization=_quantization(header.tensors),
        context_tokens=header.of_model("context_length"),
        licence=plain_line(header.text("general.license"), _LONGEST_NAME),
        layers=header.of_model("block_count"),
        embedding_length=header.of_model("embedding_length"),
        heads=header.of_model("attention.head_count"),
        kv_heads=header.of_model(
            "attention.head_count_kv", header.of_model("attention.head_count")
        ),
        chat_template=header.text("tokenizer.chat_template")[:_LONGEST_TEMPLATE],
        licence_name=plain_line(header.text("general.license.name"), _LONGEST_NAME),
        licence_link=plain_line(header.text("general.license.link"), _LONGEST_NAME),
        maker=_first_of(header, _MAKERS),
        source=_first_of(header, _SOURCES),
    )


def _first_of(header: GgufHeader, keys: Sequence[str]) -> str:
    said = (header.text(f"general.{key}") for key in keys)
    return plain_line(next((one for one in said if one), ""), _LONGEST_NAME)


def _parse(opened: BinaryIO, size: int, path: Path) -> GgufHeader:
    if size == 0:
        raise Malformed("the file is empty")
    reader = GgufReader(opened)
    if reader.take(len(MAGIC)) != MAGIC:
        raise Malformed("it is not a GGUF file")
    _check_version(reader.u32())
    tensor_count, entry_count = reader.u64(), reader.u64()
    if tensor_count > _MOST_ENTRIES or not 1 <= entry_count <= _MOST_ENTRIES:
        raise Malformed(f"it claims {tensor_count:,} tensors and {entry_count:,} entries")
    metadata: dict[str, Value] = {}
    for _ in range(entry_count):
        key = reader.name()
        if not key or key in metadata:
            raise Malformed(f"the entry {key[:60]!r} stands there twice or has no name")
        metadata[key] = reader.value(reader.u32())
    tensors = tuple(reader.tensor() for _ in range(tensor_count))
    _check_tensors(metadata, tensors, reader.position, size)
    return GgufHeader(MappingProxyType(metadata), tensors, size, (path,))


def _check_version(version: int) -> None:
    if version in _VERSIONS:
        return
    if int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS:
        raise Malformed("it was written for computers of the other byte order")
    raise Malformed(f"it is of GGUF version {version}; versions 2 and 3 are read")


def _check_tensors(
    metadata: Mapping[str, Value], tensors: Sequence[Tensor], header_end: int, size: int
) -> None:
    alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
    if (
        not isinstance(alignment, int)
        or not 8 <= alignment <= 1 << 16
        or alignment & (alignment - 1)
    ):
        raise Malformed("its alignment is not a power of two")
    if len({tensor.name for tensor in tensors}) < len(tensors):
        raise Malformed("two of its tensors have one name")
    expected = whole = 0
    start = _padded(header_end, alignment)
    for tensor in tensors:
        if len(tensor.name) > _LONGEST_TENSOR_NAME:
            raise Malformed("a tensor's name is too long")
        if tensor.offset != expected:
            raise Malformed(f"tensor {tensor.name!r} is not where it should be")
        whole += start + expected + tensor.size_bytes <= size
        expected += _padded(tensor.size_bytes, alignment)
    if whole < len(tensors):
        raise Malformed(f"the file ends after {100 * whole // len(tensors)}% of its tensors")
    if size > start + expected + _MOST_BEHIND:
        raise Malformed(f"{size - start - expected:,} bytes follow behind its last tensor")


def _quantization(tensors: Sequence[Tensor]) -> str:
    # The type that holds most weights: what the file's own label says is not always so.
    weights: Counter[int] = Counter()
    for tensor in tensors:
        weights[tensor.type] += tensor.elements
    return TENSOR_TYPES[weights.most_common(1)[0][0]][0]


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
