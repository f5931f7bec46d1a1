"""The encryption of today's Office programs: AES under a password that is hashed very often."""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import Any

from desktop.documents.readers.office_package import attribute, local_name, parsed

_SEGMENT = 4096
_MOST_SPINS = 2_000_000
_INPUT, _VALUE, _KEY = (
    bytes.fromhex(block) for block in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)


class AgileEncryption:
    """What an EncryptionInfo stream says; raises `ValueError` for what is not known here."""

    def __init__(self, info: bytes) -> None:
        root = parsed(info[8:])
        elements = {local_name(element): element for element in root.iter()}
        if "keyData" not in elements or "encryptedKey" not in elements:
            raise ValueError("no key data")
        self._data, self._key = elements["keyData"], elements["encryptedKey"]
        self._spins = int(attribute(self._key, "spinCount"))
        if not 0 <= self._spins <= _MOST_SPINS:
            raise ValueError("too many rounds")
        for element in (self._data, self._key):
            if attribute(element, "cipherAlgorithm") != "AES":
                raise ValueError("an unknown cipher")

    def secret(self, password: str) -> bytes | None:
        """The key of the package, None where the password is wrong."""
        salt = _bytes(self._key, "saltValue")
        function = _function(self._key)
        digest = function(salt + password.encode("utf-16-le")).digest()
        for spin in range(self._spins):
            digest = function(spin.to_bytes(4, "little") + digest).digest()
        said = self._opened(digest, _INPUT, "encryptedVerifierHashInput", salt)
        expected = self._opened(digest, _VALUE, "encryptedVerifierHashValue", salt)
        size = int(attribute(self._key, "hashSize"))
        salt_size = int(attribute(self._key, "saltSize"))
        if _hash(self._key, said[:salt_size]) != expected[:size]:
            return None
        size = int(attribute(self._data, "keyBits")) // 8
        return self._opened(digest, _KEY, "encryptedKeyValue", salt)[:size]

    def package(self, secret: bytes, stream: bytes) -> bytes:
        """The document within, decrypted segment by segment."""
        (size,) = struct.unpack_from("<Q", stream)
        salt = _bytes(self._data, "saltValue")
        pieces = []
        for index, start in enumerate(range(8, len(stream), _SEGMENT)):
            segment = stream[start : start + _SEGMENT]
            vector = _fitted(_hash(self._data, salt + struct.pack("<I", index)), 16)
            pieces.append(_decrypted(self._data, secret, vector, segment[: len(segment) & ~15]))
        return b"".join(pieces)[:size]

    def _opened(self, digest: bytes, block: bytes, name: str, salt: bytes) -> bytes:
        size = int(attribute(self._key, "keyBits")) // 8
        key = _fitted(_hash(self._key, digest + block), size)
        return _decrypted(self._key, key, _fitted(salt, 16), _bytes(self._key, name))


def _fitted(data: bytes, size: int) -> bytes:
    """Cut or filled up as the format prescribes."""
    return data[:size].ljust(size, b"\x36")


def _bytes(element: Any, name: str) -> bytes:
    return base64.b64decode(attribute(element, name))


def _hash(element: Any, data: bytes) -> bytes:
    digest: bytes = _function(element)(data).digest()
    return digest


def _function(element: Any) -> Any:
    """The hash that the element names."""
    name = attribute(element, "hashAlgorithm").replace("-", "").lower()
    if name not in ("sha1", "sha256", "sha384", "sha512"):
        raise ValueError("an unknown hash")
    return getattr(hashlib, name)


def _decrypted(element: Any, key: bytes, vector: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    if attribute(element, "cipherChaining") != "ChainingModeCBC":
        raise ValueError("an unknown way of chaining")
    decryptor = Cipher(AES(key), CBC(vector)).decryptor()
    return decryptor.update(data) + decryptor.finalize()
