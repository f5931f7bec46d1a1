"""Damaged, truncated and lying copies of a GGUF file, each made from a whole one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

_KEY_COUNT_AT = 16
_TENSOR_COUNT_AT = 8


def with_bytes(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def value_at(data: bytes, key: str) -> int:
    """Where the value of a metadata entry begins, behind its type."""
    encoded = struct.pack("<Q", len(key)) + key.encode()
    return data.index(encoded) + len(encoded) + 4


def with_u32(data: bytes, key: str, value: int) -> bytes:
    return with_bytes(data, value_at(data, key), struct.pack("<I", value))


def with_f32(data: bytes, key: str, value: float) -> bytes:
    return with_bytes(data, value_at(data, key), struct.pack("<f", value))


def with_text(data: bytes, key: str, value: bytes) -> bytes:
    """A text of the same length in place of another."""
    at = value_at(data, key)
    assert struct.unpack_from("<Q", data, at)[0] == len(value)
    return with_bytes(data, at + 8, value)


def with_token_twice(data: bytes) -> bytes:
    """The second of two neighbouring tokens of equal length becomes the first."""
    at = value_at(data, "tokenizer.ggml.tokens") + 12
    before = b""
    while True:
        (size,) = struct.unpack_from("<Q", data, at)
        token = data[at + 8 : at + 8 + size]
        if len(token) == len(before) and token != before:
            return with_bytes(data, at + 8, before)
        before, at = token, at + 8 + size


def tensor_at(data: bytes, name: str) -> int:
    """Where a tensor's count of dimensions stands."""
    encoded = struct.pack("<Q", len(name)) + name.encode()
    return data.index(encoded) + len(encoded)


Damage = Callable[[bytes], bytes]

_EPSILON = "llama.attention.layer_norm_rms_epsilon"
_TENSOR = "blk.3.ffn_up.weight"

# What was done to the file, and a part of the reason it must be refused with.
DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda data: data[:0], "is empty"),
    "three bytes": (lambda data: data[:3], "ends inside its header"),
    "version 1": (lambda data: with_bytes(data, 4, struct.pack("<I", 1)), "version 1"),
    "version of the other byte order": (
        lambda data: with_bytes(data, 4, struct.pack(">I", 3)),
        "other byte order",
    ),
    "cut in the header": (lambda data: data[:5000], "ends inside its header"),
    "cut in the vocabulary": (lambda data: data[:400_000], "ends inside its header"),
    "cut in the weights": (lambda data: data[: len(data) * 6 // 10], "% of its tensors"),
    "one byte short": (lambda data: data[:-40], "99% of its tensors"),
    "no tensors": (
        lambda data: with_bytes(data, _TENSOR_COUNT_AT, struct.pack("<Q", 0)),
        "claims 0 tensors",
    ),
    "2^63 tensors": (
        lambda data: with_bytes(data, _TENSOR_COUNT_AT, struct.pack("<Q", 1 << 63)),
        "claims 9,223",
    ),
    "2^60 entries": (
        lambda data: with_bytes(data, _KEY_COUNT_AT, struct.pack("<Q", 1 << 60)),
        "entries",
    ),
    "one entry more": (
        lambda data: with_bytes(
            data, _KEY_COUNT_AT, struct.pack("<Q", struct.unpack_from("<Q", data, 16)[0] + 1)
        ),
        "",
    ),
    "a name of 2^40 bytes": (
        lambda data: with_bytes(data, 24, struct.pack("<Q", 1 << 40)),
        "claims 1,099",
    ),
    "a value of an unknown type": (
        lambda data: with_bytes(
            data, value_at(data, "llama.block_count") - 4, struct.pack("<I", 77)
        ),
        "type that nobody knows (77)",
    ),
    "a list of 2^63 tokens": (
        lambda data: with_bytes(
            data, value_at(data, "tokenizer.ggml.tokens") + 4, struct.pack("<Q", 1 << 63)
        ),
        "a list claims",
    ),
    "a million layers": (lambda data: with_u32(data, "llama.block_count", 10**6), "block count"),
    "no layers": (lambda data: with_u32(data, "llama.block_count", 0), "block count is 0"),
    "negative epsilon": (lambda data: with_f32(data, _EPSILON, -1.0), "epsilon is -1.0"),
    "epsilon that is no number": (lambda data: with_f32(data, _EPSILON, float("nan")), "is nan"),
    "endless frequency": (
        lambda data: with_f32(data, "llama.rope.freq_base", float("inf")),
        "is inf",
    ),
    "unknown tokenizer": (
        lambda data: with_text(data, "tokenizer.ggml.model", b"none"),
        "kind that is not known",
    ),
    "a token twice": (with_token_twice, "a token twice"),
    "an end token that is none": (
        lambda data: with_u32(data, "tokenizer.ggml.eos_token_id", 10**7),
        "eos token",
    ),
    "five dimensions": (
        lambda data: with_bytes(data, tensor_at(data, _TENSOR), struct.pack("<I", 5)),
        "5 dimensions",
    ),
    "a dimension of 2^62": (
        lambda data: with_bytes(data, tensor_at(data, _TENSOR) + 4, struct.pack("<Q", 1 << 62)),
        "impossible shape",
    ),
    "an unknown tensor type": (
        lambda data: with_bytes(data, tensor_at(data, _TENSOR) + 20, struct.pack("<I", 999)),
        "type that nobody knows (999)",
    ),
    "a tensor elsewhere": (
        lambda data: with_bytes(data, tensor_at(data, _TENSOR) + 24, struct.pack("<Q", 0)),
        "not where it should be",
    ),
    "the same tensor name twice": (
        lambda data: data.replace(b"blk.3.ffn_up.weight", b"blk.4.ffn_up.weight", 1),
        "one name",
    ),
    "the architecture of nobody": (
        lambda data: with_text(data, "general.architecture", b"lamma"),
        "does not state its block count",
    ),
}


def damaged_copy(whole: Path, folder: Path, damage: str) -> Path:
    """Write one damaged copy and return its path."""
    copy = folder / "damaged.gguf"
    copy.write_bytes(DAMAGES[damage][0](whole.read_bytes()))
    return copy
