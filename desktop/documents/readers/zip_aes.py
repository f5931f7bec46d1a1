"""Members of ZIP files that are encrypted with AES, in the way that WinZip began."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from desktop.domain.errors import KindUnsupported

AES_METHOD = 99
# What reading a damaged archive raises, here and in Python's own reader.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError, IndexError,
    OverflowError, RuntimeError,
)  # fmt: skip
_EXTRA_ID = 0x9901
_SALT_BYTES = {1: 8, 2: 12, 3: 16}
_KEY_BYTES = {1: 16, 2: 24, 3: 32}
_VERIFIER_BYTES, _SEAL_BYTES, _BLOCK_BYTES = 2, 10, 16
_ROUNDS = 1000
_PIECE_BYTES = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class WrongPassword(Exception):
    """None of the passwords fits."""


def aes_member(
    file: IO[bytes], info: zipfile.ZipInfo, path: Path, passwords: Sequence[bytes]
) -> bytes:
    """Decrypt and unpack; raises `WrongPassword`, or `BadZipFile` where the seal is broken."""
    strength, method = _settings(info)
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise KindUnsupported(str(path), "an archive packed in an unknown way")
    data = packed_bytes(file, info)
    salt_length, key_length = _SALT_BYTES[strength], _KEY_BYTES[strength]
    salt, rest = data[:salt_length], data[salt_length:]
    verifier, sealed = rest[:_VERIFIER_BYTES], rest[_VERIFIER_BYTES:]
    packed, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
    for password in passwords:
        length = 2 * key_length + _VERIFIER_BYTES
        keys = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, length)
        if not hmac.compare_digest(keys[-_VERIFIER_BYTES:], verifier):
            continue
        found = hmac.new(keys[key_length : 2 * key_length], packed, "sha1").digest()
        if hmac.compare_digest(found[:_SEAL_BYTES], seal):
            plain = _decrypted(packed, keys[:key_length])
            return unpacked_bytes(plain, method, info.file_size)
    raise WrongPassword


def _settings(info: zipfile.ZipInfo) -> tuple[int, int]:
    """The strength of the key and how the content is packed."""
    for kind, data in _extras(info.extra):
        if kind == _EXTRA_ID and len(data) >= 7 and data[4] in _SALT_BYTES:
            return data[4], int.from_bytes(data[5:7], "little")
    raise zipfile.BadZipFile


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        yield kind, extra[4 : 4 + length]
        extra = extra[4 + length :]


def packed_bytes(file: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    """The member as it lies in the archive; raises `BadZipFile` where it is not there."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile
    name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
    file.seek(name_length + extra_length, 1)
    data = file.read(info.compress_size)
    if len(data) < info.compress_size:
        raise zipfile.BadZipFile
    return data


def _decrypted(data: bytes, key: bytes) -> bytes:
    import numpy as np
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # The counter runs from 1 with its lowest byte first, which no library offers ready made:
    # the counters themselves are encrypted and laid over the data.
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    plain = bytearray()
    for start in range(0, len(data), _PIECE_BYTES):
        piece = np.frombuffer(data[start : start + _PIECE_BYTES], np.uint8)
        first = start // _BLOCK_BYTES + 1
        counters = np.zeros((-(-len(piece) // _BLOCK_BYTES), 2), "<u8")
        counters[:, 0] = np.arange(first, first + len(counters))
        pad = np.frombuffer(cipher.update(counters.tobytes()), np.uint8)
        plain += (piece ^ pad[: len(piece)]).tobytes()
    return bytes(plain)


def unpacked_bytes(data: bytes, method: int, size: int) -> bytes:
    """The content of a member of this size; raises `BadZipFile` where it is not of it."""
    if method == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
    if len(data) != size:
        raise zipfile.BadZipFile
    return data
