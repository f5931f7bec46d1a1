"""Encrypted OpenDocument files, part by part as before 2024 or as a whole as since then."""

from __future__ import annotations

import base64
import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from desktop.documents.readers.office_package import OfficePackage, attribute, local_name, parsed
from desktop.domain.errors import DamagedFile, PasswordNeeded

MANIFEST = "META-INF/manifest.xml"
_WHOLE = "encrypted-package"
_MOST_BYTES = 256 << 20
_MOST_ROUNDS = 2_000_000
_MOST_MEMORY_KIB = 256 << 10
_TAG_BYTES, _VECTOR_BYTES = 16, 12


@dataclass(frozen=True, slots=True)
class _Entry:
    """One encrypted part: how its key is made of a password, and what it is checked by."""

    name: str
    cipher: str
    vector: bytes
    salt: bytes
    start_hash: str
    key_bytes: int
    rounds: int
    memory_kib: int  # 0 where the key is not made with Argon2
    lanes: int
    checksum: bytes


def decrypted_odf(path: Path, package: OfficePackage, passwords: Sequence[str]) -> bytes:
    """A plain package of the parts that one of the passwords opens.

    Raises `PasswordNeeded` where none fits, and `DamagedFile`.
    """
    try:
        entries = list(_entries(package))
        for password in passwords:
            found = _opened(package, entries, password)
            if found is not None:
                return found
    except Exception as error:
        raise DamagedFile(str(path), "its encryption cannot be followed") from error
    raise PasswordNeeded(str(path))


def _entries(package: OfficePackage) -> Iterator[_Entry]:
    for file in parsed(package.part(MANIFEST)).iter("{*}file-entry"):
        data = next(file.iter("{*}encryption-data"), None)
        name = attribute(file, "full-path")
        if data is None or not (name == _WHOLE or name.endswith(".xml")):
            continue  # pictures and the like
        said = {local_name(element): element for element in data}
        algorithm, derivation = said["algorithm"], said["key-derivation"]
        start = said.get("start-key-generation")
        start_name = attribute(start, "start-key-generation-name") if start is not None else ""
        yield _Entry(
            name,
            attribute(algorithm, "algorithm-name").lower(),
            _bytes(algorithm, "initialisation-vector"),
            _bytes(derivation, "salt"),
            "sha256" if "sha256" in start_name.lower() else "sha1",
            _number(derivation, "key-size", 16, 64),
            _number(derivation, "iteration-count", 0, _MOST_ROUNDS)
            or _number(derivation, "argon2-iterations", 0, 100),
            _number(derivation, "argon2-memory", 0, _MOST_MEMORY_KIB),
            _number(derivation, "argon2-lanes", 0, 64),
            _bytes(data, "checksum"),
        )


def _opened(package: OfficePackage, entries: list[_Entry], password: str) -> bytes | None:
    """The plain package, None where the password is wrong."""
    content = BytesIO()
    left = _MOST_BYTES
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as plain:
        for entry in entries:
            opened = _plain(entry, package.part(entry.name), password)
            if opened is None:
                return None
            if entry.name == _WHOLE:
                return opened
            left -= len(opened)
            if left < 0:
                raise ValueError("too large")
            plain.writestr(entry.name, opened)
    return content.getvalue() if entries else None


def _plain(entry: _Entry, data: bytes, password: str) -> bytes | None:
    key = _key(entry, password)
    if "gcm" in entry.cipher:
        packed = _opened_gcm(entry, key, data)
    else:
        packed = _opened_stream(entry, key, data)
        digest = "sha256" if len(entry.checksum) == 32 else "sha1"
        if packed is None or hashlib.new(digest, packed[:1024]).digest() != entry.checksum:
            return None
    if packed is None or packed.startswith(b"PK"):
        return packed
    unpacker = zlib.decompressobj(-15)
    opened = unpacker.decompress(packed, _MOST_BYTES)
    if unpacker.unconsumed_tail:
        raise ValueError("too large")
    return opened


def _key(entry: _Entry, password: str) -> bytes:
    start = hashlib.new(entry.start_hash, password.encode(), usedforsecurity=False).digest()
    if not entry.memory_kib:
        return hashlib.pbkdf2_hmac("sha1", start, entry.salt, entry.rounds, entry.key_bytes)
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=entry.salt,
        length=entry.key_bytes,
        iterations=entry.rounds,
        lanes=entry.lanes,
        memory_cost=entry.memory_kib,
    ).derive(start)


def _opened_gcm(entry: _Entry, key: bytes, data: bytes) -> bytes | None:
    """The vector stands in the list of parts, and before the data as well."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    body = data[_VECTOR_BYTES:] if data.startswith(entry.vector) else data
    if len(body) < _TAG_BYTES:
        raise ValueError("too short")
    try:
        return AESGCM(key).decrypt(entry.vector, body, None)
    except InvalidTag:
        return None


def _opened_stream(entry: _Entry, key: bytes, data: bytes) -> bytes | None:
    from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    if "blowfish" in entry.cipher:
        decryptor: Any = Cipher(Blowfish(key), CFB(entry.vector)).decryptor()
        whole: bytes = decryptor.update(data) + decryptor.finalize()
        return whole
    if "aes" not in entry.cipher or "cbc" not in entry.cipher:
        raise ValueError("an unknown cipher")
    decryptor = Cipher(AES(key), CBC(entry.vector)).decryptor()
    whole = decryptor.update(data) + decryptor.finalize()
    padding = whole[-1] if whole else 0
    return whole[:-padding] if 1 <= padding <= 16 else None


def _bytes(element: Any, name: str) -> bytes:
    return base64.b64decode(attribute(element, name))


def _number(element: Any, name: str, default: int, most: int) -> int:
    said = attribute(element, name)
    number = int(said) if said else default
    if not 0 <= number <= most:
        raise ValueError(f"{name} out of range")
    return number
