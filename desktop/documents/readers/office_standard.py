"""The encryption of Office 2007, and the header that it shares with older formats."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

_SPINS = 50_000


@dataclass(frozen=True, slots=True)
class EncryptionHeader:
    """How long the key is, and what a password is checked by."""

    key_bits: int
    salt: bytes
    verifier: bytes
    verifier_hash: bytes

    @staticmethod
    def of(info: bytes) -> EncryptionHeader:
        """Read it behind the version and the flags; raises `ValueError` or `struct.error`."""
        (size,) = struct.unpack_from("<I", info, 8)
        (key_bits,) = struct.unpack_from("<I", info, 12 + 16)
        place = 12 + size
        (salt_size,) = struct.unpack_from("<I", info, place)
        if salt_size != 16 or key_bits % 8 or key_bits > 256:
            raise ValueError("an unknown header")
        place += 4
        return EncryptionHeader(
            key_bits, info[place : place + 16], info[place + 16 : place + 32], info[place + 36 :]
        )


class StandardEncryption:
    """AES without chaining, under a password that is hashed fifty thousand times."""

    def __init__(self, info: bytes) -> None:
        self._header = EncryptionHeader.of(info)

    def secret(self, password: str) -> bytes | None:
        """The key of the package, None where the password is wrong."""
        digest = hashlib.sha1(
            self._header.salt + password.encode("utf-16-le"), usedforsecurity=False
        ).digest()
        for spin in range(_SPINS):
            digest = hashlib.sha1(
                spin.to_bytes(4, "little") + digest, usedforsecurity=False
            ).digest()
        key = _derived(digest, (self._header.key_bits or 128) // 8)
        verifier = _decrypted(key, self._header.verifier)
        expected = _decrypted(key, self._header.verifier_hash[:32])[:20]
        return key if hashlib.sha1(verifier, usedforsecurity=False).digest() == expected else None

    def package(self, secret: bytes, stream: bytes) -> bytes:
        """The document within."""
        (size,) = struct.unpack_from("<Q", stream)
        return _decrypted(secret, stream[8 : 8 + (len(stream) - 8 & ~15)])[:size]


def _derived(digest: bytes, size: int) -> bytes:
    final = hashlib.sha1(digest + bytes(4), usedforsecurity=False).digest().ljust(64, b"\0")
    halves = (
        hashlib.sha1(bytes(byte ^ mask for byte in final), usedforsecurity=False).digest()
        for mask in (0x36, 0x5C)
    )
    return b"".join(halves)[:size]


def _decrypted(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    # The format has no chaining; this reads what others wrote.
    decryptor = Cipher(AES(key), ECB()).decryptor()
    return decryptor.update(data) + decryptor.finalize()
