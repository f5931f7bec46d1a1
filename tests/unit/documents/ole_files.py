"""Writes OLE containers, which Outlook's messages and the old Office formats are kept in."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]
_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = _FREE
    right: int = _FREE
    start: int = _END


@dataclass
class _Container:
    entries: list[_Entry] = field(default_factory=lambda: [_Entry("Root Entry", _ROOT)])
    sectors: list[bytes] = field(default_factory=list)
    table: list[int] = field(default_factory=list)

    def add(self, tree: Tree, parent: int) -> None:
        previous = None
        for name, value in sorted(tree.items()):
            own = len(self.entries)
            is_stream = isinstance(value, bytes)
            self.entries.append(_Entry(name, _STREAM if is_stream else _STORAGE))
            if previous is None:
                self.entries[parent].child = own
            else:
                self.entries[previous].right = own
            previous = own
            if isinstance(value, bytes):
                self.entries[own].data = value
            else:
                self.add(value, own)

    def chain(self, data: bytes) -> int:
        """Lay the data into sectors; return the first of them."""
        if not data:
            return _END
        first = len(self.sectors)
        for offset in range(0, len(data), _SECTOR):
            self.sectors.append(data[offset : offset + _SECTOR].ljust(_SECTOR, b"\x00"))
            self.table.append(len(self.sectors))
        self.table[-1] = _END
        return first


def write_ole(path: Path, tree: Tree) -> Path:
    """Write a container of these streams and storages."""
    container = _Container()
    container.add(tree, 0)
    small, small_table = b"", []
    for entry in container.entries:
        if entry.kind != _STREAM or not entry.data:
            continue
        if len(entry.data) >= _CUTOFF:
            entry.start = container.chain(entry.data)
            continue
        entry.start = len(small) // _SMALL
        count = -(-len(entry.data) // _SMALL)
        small_table += [*range(entry.start + 1, entry.start + count), _END]
        small += entry.data.ljust(count * _SMALL, b"\x00")
    root = container.entries[0]
    root.data, root.start = small, container.chain(small)
    small_fat = container.chain(b"".join(struct.pack("<I", each) for each in small_table))
    directory = container.chain(b"".join(map(_packed, container.entries)))
    path.write_bytes(_whole(container, directory, small_fat, len(small_table)))
    return path


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\x00\x00"
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name, len(name), entry.kind, 1, _FREE, entry.right, entry.child, bytes(16), 0, 0, 0,
        entry.start, len(entry.data),
    )  # fmt: skip


def _whole(container: _Container, directory: int, small_fat: int, small_count: int) -> bytes:
    tables = 1
    while tables * (_SECTOR // 4) < len(container.table) + tables:
        tables += 1
    first = len(container.sectors)
    table = container.table + [_FAT] * tables
    table += [_FREE] * (tables * (_SECTOR // 4) - len(table))
    small_sectors = -(-small_count * 4 // _SECTOR)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, tables,
        directory, 0, _CUTOFF, small_fat if small_count else _END, small_sectors, _END, 0,
    )  # fmt: skip
    listed = [*range(first, first + tables)]
    header += struct.pack("<109I", *(listed + [_FREE] * (109 - len(listed))))
    return header + b"".join(container.sectors) + struct.pack(f"<{len(table)}I", *table)
