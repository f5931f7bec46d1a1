"""A strict look at a GGUF file's header, before llama.cpp sees it.

llama.cpp ends the whole process on some headers that are well formed and wrong. What is
refused here is what was seen to do that, and what no real model has.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from desktop.domain.errors import ModelDamaged
from desktop.domain.models import ModelFacts
from desktop.inference.gguf_layout import (
    TENSOR_TYPES,
    Array,
    GgufReader,
    Malformed,
    Tensor,
    Value,
)

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_ENTRIES = 1 << 16
_MOST_LAYERS = 512  # llama.cpp's own table ends there, and beyond it the process aborts
_LONGEST_TENSOR_NAME = 63
_DEFAULT_ALIGNMENT = 32
_NO_POOLING = 0
_TOKENIZERS = frozenset({"llama", "gpt2", "bert", "t5", "rwkv", "plamo2", "gemma4"})
_TOKEN_IDS = ("bos", "eos", "eot", "unknown", "padding", "separator")

# Whole numbers a model must state within limits, if it states them at all.
_COUNTS = MappingProxyType(
    {
        "block_count": (1, _MOST_LAYERS),
        "context_length": (1, 1 << 28),
        "embedding_length": (1, 1 << 20),
        "feed_forward_length": (0, 1 << 24),
        "attention.head_count": (0, 1 << 12),
        "attention.head_count_kv": (0, 1 << 12),
        "attention.key_length": (1, 1 << 14),
        "attention.value_length": (1, 1 << 14),
        "rope.dimension_count": (0, 1 << 14),
        "expert_count": (0, 1024),
        "expert_used_count": (0, 1024),
    }
)
_NEEDED = ("block_count", "context_length", "embedding_length")


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What stands before the weights of a whole, well-formed file."""

    metadata: Mapping[str, Value]
    tensors: tuple[Tensor, ...]
    size_bytes: int

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
            return max((int(one) for one in value.elements), default=otherwise)
        return value if isinstance(value, int) else otherwise

    def of_model(self, key: str, otherwise: int = 0) -> int:
        return self.number(f"{self.architecture}.{key}", otherwise)

    def of_layers(self, key: str, layers: int) -> list[int]:
        """A whole number for each layer; empty where the header does not state it."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        if isinstance(value, Array):
            return [int(one) for one in value.elements[:layers]]
        return [value] * layers if isinstance(value, int) else []

    def tensor_bytes(self, name: str) -> int:
        """The size of one tensor; 0 where there is none of that name."""
        return next((one.size_bytes for one in self.tensors if one.name == name), 0)


def check_header(path: Path) -> GgufHeader:
    """Parse and check everything before the weights, and that the weights are all there.

    Raises `ModelDamaged` with the reason in plain words.
    """
    try:
        with path.open("rb") as opened:
            header = _parse(opened, os.fstat(opened.fileno()).st_size)
        _check_architecture(header)
        _check_vocabulary(header)
        return header
    except Malformed as error:
        raise ModelDamaged(str(path), str(error)) from error
    except OSError as error:
        raise ModelDamaged(str(path), f"it cannot be read: {error.strerror}") from error


def facts_of(header: GgufHeader) -> ModelFacts:
    """The facts that the register keeps."""
    return ModelFacts(
        name=header.text("general.name")[:200],
        architecture=header.architecture,
        parameters=sum(tensor.elements for tensor in header.tensors),
        quantization=_quantization(header.tensors),
        context_tokens=header.of_model("context_length"),
        licence=header.text("general.license")[:200],
        layers=header.of_model("block_count"),
        embedding_length=header.of_model("embedding_length"),
        heads=header.of_model("attention.head_count"),
        kv_heads=header.of_model(
            "attention.head_count_kv", header.of_model("attention.head_count")
        ),
        chat_template=header.text("tokenizer.chat_template"),
    )


def is_embedder(header: GgufHeader) -> bool:
    """Whether the file says how the vectors of its tokens become one of the text."""
    return header.of_model("pooling_type", _NO_POOLING) != _NO_POOLING


def _parse(opened: BinaryIO, size: int) -> GgufHeader:
    if size == 0:
        raise Malformed("the file is empty")
    reader = GgufReader(opened)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise Malformed("it is not a GGUF file")
    version = reader.u32()
    if version not in _VERSIONS:
        raise Malformed(f"it is of GGUF version {version}; versions 2 and 3 are read")
    tensor_count, entry_count = reader.u64(), reader.u64()
    if not 1 <= tensor_count <= _MOST_ENTRIES or not 1 <= entry_count <= _MOST_ENTRIES:
        raise Malformed(f"it claims {tensor_count:,} tensors and {entry_count:,} entries")
    metadata: dict[str, Value] = {}
    for _ in range(entry_count):
        key = reader.name()
        if not key or key in metadata:
            raise Malformed(f"the entry {key[:60]!r} stands there twice or has no name")
        metadata[key] = reader.value(reader.u32())
    tensors = tuple(reader.tensor() for _ in range(tensor_count))
    _check_tensors(metadata, tensors, reader.position, size)
    return GgufHeader(MappingProxyType(metadata), tensors, size)


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


def _check_architecture(header: GgufHeader) -> None:
    architecture = header.architecture
    if not architecture:
        raise Malformed("it does not say which architecture it is")
    if header.number("split.count") > 1:
        raise Malformed("it is one part of a model in several files")
    for key in _NEEDED:
        if f"{architecture}.{key}" not in header.metadata:
            raise Malformed(f"it does not state its {key.replace('_', ' ')}")
    for key, (low, high) in _COUNTS.items():
        _check_count(f"{architecture}.{key}", header.metadata, low, high)
    for key, value in header.metadata.items():
        if key.startswith(f"{architecture}.") and not isinstance(value, Array):
            _check_real(key, value)


def _check_count(key: str, metadata: Mapping[str, Value], low: int, high: int) -> None:
    value = metadata.get(key, low)
    for one in value.elements if isinstance(value, Array) else (value,):
        if not isinstance(one, int) or isinstance(one, bool) or not low <= one <= high:
            raise Malformed(f"its {_spoken(key)} is {str(one)[:40]}")


def _check_real(key: str, value: Value) -> None:
    positive = key.endswith(("epsilon", "rope.freq_base"))
    if positive and not isinstance(value, float):
        raise Malformed(f"its {_spoken(key)} is not a number with a fraction")
    if isinstance(value, float) and (not math.isfinite(value) or (positive and value <= 0)):
        raise Malformed(f"its {_spoken(key)} is {value}")


def _check_vocabulary(header: GgufHeader) -> None:
    model = header.metadata.get("tokenizer.ggml.model")
    if not isinstance(model, str) or model not in _TOKENIZERS:
        raise Malformed(f"its tokenizer is of a kind that is not known ({str(model)[:40]})")
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, Array) or not tokens.texts:
        raise Malformed("it holds no vocabulary")
    if len(set(tokens.texts)) < tokens.size:
        raise Malformed("its vocabulary holds a token twice")
    for key in ("scores", "token_type"):
        beside = header.metadata.get(f"tokenizer.ggml.{key}")
        if beside is not None and (not isinstance(beside, Array) or beside.size != tokens.size):
            raise Malformed("the parts of its vocabulary are of different lengths")
    for name in _TOKEN_IDS:
        token = header.metadata.get(f"tokenizer.ggml.{name}_token_id", 0)
        if not isinstance(token, int) or not 0 <= token < tokens.size:
            raise Malformed(f"its {name} token is not in its vocabulary")


def _quantization(tensors: Sequence[Tensor]) -> str:
    # The type that holds most weights: what the file's own label says is not always so.
    weights: Counter[int] = Counter()
    for tensor in tensors:
        weights[tensor.type] += tensor.elements
    return TENSOR_TYPES[weights.most_common(1)[0][0]][0]


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _spoken(key: str) -> str:
    return key.partition(".")[2].replace("_", " ").replace(".", " ")
