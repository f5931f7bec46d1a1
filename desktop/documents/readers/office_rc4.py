"""The encryption of the old Office formats: RC4 under a key for each block of a stream."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence

from desktop.documents.readers.office_standard import EncryptionHeader

_Keys = Callable[[int], bytes]
"""The key of a block, counted from 0."""


class Rc4Key:
    """Decrypts streams under a password that was found right."""

    def __init__(self, keys: _Keys) -> None:
        self._keys = keys

    def decrypted(self, data: bytes, block_bytes: int) -> bytes:
        """A stream whose key changes after so many bytes."""
        pieces = []
        for block, start in enumerate(range(0, len(data), block_bytes)):
            pieces.append(_rc4(self._keys(block), data[start : start + block_bytes]))
        return b"".join(pieces)

    def block(self, number: int, data: bytes) -> bytes:
        """Data under the key of one block."""
        return _rc4(self._keys(number), data)


def rc4_key(info: bytes, passwords: Sequence[str]) -> Rc4Key | None:
    """The key that one of the passwords gives, None where none fits or the way is unknown.

    `info` begins with the version of the encryption. Raises `ValueError` or `struct.error`.
    """
    major, minor = struct.unpack_from("<HH", info)
    for password in passwords:
        if (major, minor) == (1, 1):
            salt, verifier, expected = info[4:20], info[20:36], info[36:52]
            keys, digest = _keys_of_1997(password, salt), hashlib.md5
        elif major in (2, 3, 4) and minor == 2:
            header = EncryptionHeader.of(info)
            verifier, expected = header.verifier, header.verifier_hash[:20]
            keys, digest = _keys_of_2002(password, header), hashlib.sha1
        else:
            return None
        opened = _rc4(keys(0), verifier + expected)
        size = len(verifier)
        if digest(opened[:size], usedforsecurity=False).digest() == opened[size:]:
            return Rc4Key(keys)
    return None


def _keys_of_1997(password: str, salt: bytes) -> _Keys:
    first = _md5(password.encode("utf-16-le"))[:5]
    second = _md5((first + salt) * 16)[:5]
    return lambda block: _md5(second + struct.pack("<I", block))


def _keys_of_2002(password: str, header: EncryptionHeader) -> _Keys:
    first = hashlib.sha1(header.salt + password.encode("utf-16-le"), usedforsecurity=False).digest()
    size = (header.key_bits or 40) // 8

    def key(block: int) -> bytes:
        whole = hashlib.sha1(first + struct.pack("<I", block), usedforsecurity=False).digest()
        return whole[:size].ljust(16, b"\0") if size == 5 else whole[:size]

    return key


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    return Cipher(ARC4(key), mode=None).decryptor().update(data)
