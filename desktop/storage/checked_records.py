"""One body of bytes in a file, known to be whole: by a hash, or sealed with a key."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO

from desktop.domain.cancel import CancelToken

SALT_BYTES = 32
_RECORD = 1 << 20
_RECORDS_A_STEP = 32
_TAG_BYTES = 16
_HASH_BYTES = 32

Buffer = bytes | bytearray | memoryview


class RecordsDamaged(Exception):
    """The bytes are not those that were written, or not for this key."""


def stored_size(body_bytes: int, sealed: bool) -> int:
    """How many bytes a body takes in a file."""
    if not sealed:
        return body_bytes + _HASH_BYTES
    return body_bytes + _TAG_BYTES * max(1, -(-body_bytes // _RECORD))


def write_body(
    file: BinaryIO, front: bytes, body: Buffer, seal: Seal | None, cancel: CancelToken
) -> None:
    """Write `body`; `front`, which stands before it in the file, is held to be the same too.

    Raises `Cancelled`, soon: what was written is brought to the disk on the way.
    """
    digest = hashlib.sha256(front)
    for index, last, piece in _pieces(memoryview(body)):
        cancel.raise_if_cancelled()
        if seal is not None:
            file.write(seal.closed(front, index, last, piece))
        else:
            digest.update(piece)
            file.write(piece)
        if index % _RECORDS_A_STEP == _RECORDS_A_STEP - 1:
            file.flush()
            os.fsync(file.fileno())
    if seal is None:
        file.write(digest.digest())


def read_body(file: BufferedReader, front: bytes, size: int, seal: Seal | None) -> bytearray:
    """Read a body of `size` bytes; raises `RecordsDamaged`."""
    body = bytearray(size)
    digest = hashlib.sha256(front)
    for index, last, piece in _pieces(memoryview(body)):
        if seal is not None:
            piece[:] = seal.opened(front, index, last, file.read(len(piece) + _TAG_BYTES))
            continue
        if file.readinto(piece) != len(piece):
            raise RecordsDamaged("it ends too soon")
        digest.update(piece)
    if seal is None and file.read(_HASH_BYTES) != digest.digest():
        raise RecordsDamaged("its bytes are not those that were written")
    return body


class Seal:
    """AES-256-GCM for one body: its own key, from the owner's, the file's salt and a name."""

    def __init__(self, key: bytes, salt: bytes, name: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        if len(key) != 32:
            raise ValueError("a key has 256 bits")
        own = HKDF(SHA256(), length=32, salt=salt, info=b"carrel " + name).derive(key)
        self._cipher = AESGCM(own)

    def closed(self, front: bytes, index: int, last: bool, piece: Buffer) -> bytes:
        # A key of its own for each body: the number of the record is never used twice with it.
        return self._cipher.encrypt(_number(index), bytes(piece), _place(front, index, last))

    def opened(self, front: bytes, index: int, last: bool, piece: bytes) -> bytes:
        """The record as it was closed, at this place; raises `RecordsDamaged`."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(_number(index), piece, _place(front, index, last))
        except (InvalidTag, ValueError) as error:
            raise RecordsDamaged("a record is damaged, or sealed with another key") from error


def _pieces(body: memoryview) -> Iterator[tuple[int, bool, memoryview]]:
    """Number, whether it is the last, and bytes of each record; an empty body is one record."""
    count = max(1, -(-len(body) // _RECORD))
    for index in range(count):
        yield index, index == count - 1, body[index * _RECORD : (index + 1) * _RECORD]


def _number(index: int) -> bytes:
    return index.to_bytes(12, "big")


def _place(front: bytes, index: int, last: bool) -> bytes:
    return front + struct.pack("<Q?", index, last)
