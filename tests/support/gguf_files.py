"""Copies of a GGUF file with a few bytes exchanged."""

from __future__ import annotations

import struct


def with_bytes(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def value_at(data: bytes, key: str) -> int:
    """Where the value of a metadata entry begins, behind its type."""
    encoded = struct.pack("<Q", len(key)) + key.encode()
    return data.index(encoded) + len(encoded) + 4


def with_text(data: bytes, key: str, value: bytes) -> bytes:
    """A text of the same length in place of another."""
    at = value_at(data, key)
    assert struct.unpack_from("<Q", data, at)[0] == len(value)
    return with_bytes(data, at + 8, value)
