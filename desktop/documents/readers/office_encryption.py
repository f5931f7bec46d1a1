"""Encrypted Office files, old and new, opened with the passwords that a person gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from desktop.documents.readers.office_agile import AgileEncryption
from desktop.documents.readers.ole import OleContainer
from desktop.domain.errors import DamagedFile, PasswordNeeded

_INFO, _PACKAGE = "EncryptionInfo", "EncryptedPackage"
_AGILE = b"\x04\x00\x04\x00"
# Excel opens workbooks under this password without asking: it only keeps them from being changed.
_UNASKED = "VelvetSweatshop"


def decrypted(path: Path, passwords: Sequence[str]) -> bytes:
    """The whole file as it would be without encryption.

    The first password that fits counts; those that programs use unasked are tried first. Raises
    `PasswordNeeded` where none fits or the way of encryption is unknown, and `DamagedFile`.
    """
    tried = list(dict.fromkeys(("", _UNASKED, *passwords)))
    with OleContainer(path) as container:
        if container.has(_INFO) and container.stream(_INFO).startswith(_AGILE):
            info, package = container.stream(_INFO), container.stream(_PACKAGE)
            found = _opened_agile(path, info, package, tried)
        else:
            found = next(_opened_otherwise(path, tried), None)
    if found is None:
        raise PasswordNeeded(str(path))
    return found


def _opened_agile(path: Path, info: bytes, package: bytes, passwords: list[str]) -> bytes | None:
    try:
        encryption = AgileEncryption(info)
        for password in passwords:
            secret = encryption.secret(password)
            if secret is not None:
                return _checked(encryption.package(secret, package))
    except Exception as error:
        raise DamagedFile(str(path), "its encryption cannot be followed") from error
    return None


def _checked(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        raise ValueError("no package within")
    return content


def _opened_otherwise(path: Path, passwords: list[str]) -> Iterator[bytes]:
    """Files of Office 2007 and of the old formats."""
    from msoffcrypto import OfficeFile

    for password in filter(None, passwords):
        with path.open("rb") as file:
            opened = BytesIO()
            try:
                office = OfficeFile(file)
                office.load_key(password=password, verify_password=True)
                office.decrypt(opened)
            except Exception:  # noqa: BLE001 - a wrong password shows in many ways
                continue
            yield opened.getvalue()
