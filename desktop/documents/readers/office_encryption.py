"""Encrypted Office packages, opened in memory with the passwords that a person gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.documents.readers.office_agile import AgileEncryption
from desktop.documents.readers.office_rc4 import Rc4Key, rc4_key
from desktop.documents.readers.office_standard import StandardEncryption
from desktop.documents.readers.ole import OleContainer
from desktop.domain.errors import DamagedFile, PasswordNeeded

_INFO, _PACKAGE = "EncryptionInfo", "EncryptedPackage"
_AGILE = b"\x04\x00\x04\x00"
_STANDARD = (b"\x02\x00\x02\x00", b"\x03\x00\x02\x00", b"\x04\x00\x02\x00")
# Excel opens workbooks under this password without asking: it only keeps them from being changed.
_UNASKED = "VelvetSweatshop"


def decrypted(path: Path, passwords: Sequence[str]) -> bytes:
    """The whole file as it would be without encryption.

    The first password that fits counts; those that programs use unasked are tried first. Raises
    `PasswordNeeded` where none fits or the way of encryption is unknown, and `DamagedFile`.
    """
    with OleContainer(path) as container:
        info, package = container.stream(_INFO), container.stream(_PACKAGE)
    try:
        encryption = _encryption(info)
        if encryption is not None and (found := _opened(encryption, package, passwords)):
            return found
    except Exception as error:
        raise DamagedFile(str(path), "its encryption cannot be followed") from error
    raise PasswordNeeded(str(path))


def _opened(
    encryption: AgileEncryption | StandardEncryption, package: bytes, passwords: Sequence[str]
) -> bytes | None:
    for password in tried(passwords):
        secret = encryption.secret(password)
        if secret is not None:
            content = encryption.package(secret, package)
            if not content.startswith(b"PK"):
                raise ValueError("no package within")
            return content
    return None


def tried(passwords: Sequence[str]) -> list[str]:
    """The passwords in the order in which they are tried, those without a person's first."""
    return list(dict.fromkeys(("", _UNASKED, *passwords)))


def rc4_key_of(path: Path, info: bytes, passwords: Sequence[str]) -> Rc4Key | None:
    """The key of an old file, None where no password fits; raises `DamagedFile`."""
    try:
        return rc4_key(info, tried(passwords))
    except Exception as error:
        raise DamagedFile(str(path), "its encryption cannot be followed") from error


def _encryption(info: bytes) -> AgileEncryption | StandardEncryption | None:
    if info.startswith(_AGILE):
        return AgileEncryption(info)
    return StandardEncryption(info) if info.startswith(_STANDARD) else None
