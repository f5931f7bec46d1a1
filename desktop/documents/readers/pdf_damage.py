"""Finds damage inside a PDF that its readers pass over in silence."""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path

_PACKED = re.compile(
    rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b(?:(?!endobj|stream)[^\x00]){0,300}?stream\r?\n"
)
_STEP = 1 << 16
# Enough for thousands of pages; unpacking without end would serve nobody but a bomb.
_MOST_UNPACKED = 96 << 20
_MOST_OF_ONE = 8 << 20


def has_broken_streams(path: Path) -> bool:
    """True where packed content of an unencrypted file does not agree with its own checksum."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(b"/Encrypt") >= 0:
            return False
        unpacked, start = 0, 0
        while unpacked < _MOST_UNPACKED and (found := _PACKED.search(data, start)):
            try:
                size, start = _unpacked(data, found.end())
            except zlib.error:
                return True
            unpacked += size
    return False


def _unpacked(data: mmap.mmap, start: int) -> tuple[int, int]:
    """Unpack one stream: its size, and where to go on. Raises `zlib.error`."""
    unpacker = zlib.decompressobj()
    size = 0
    while not unpacker.eof and size < _MOST_OF_ONE:
        packed = unpacker.unconsumed_tail or data[start : start + _STEP]
        if not packed:
            break
        if not unpacker.unconsumed_tail:
            start += len(packed)
        size += len(unpacker.decompress(packed, _STEP * 4))
    return size, start - len(unpacker.unused_data)
