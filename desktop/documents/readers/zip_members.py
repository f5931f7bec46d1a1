"""One member of a ZIP file: unpacked within limits, with a password where it needs one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop.documents.readers.zip_aes import AES_METHOD, BROKEN_ZIP, WrongPassword, aes_member
from desktop.domain.errors import ContentTooLarge, DamagedFile, DocumentError, PasswordNeeded

LARGEST_MEMBER_BYTES = 256_000_000
# The old cipher is undone byte by byte, which takes a second for about this many.
_OLD_CIPHER_BYTES_A_SECOND = 1_000_000
_MOST_OLD_CIPHER_BYTES = 15 * _OLD_CIPHER_BYTES_A_SECOND


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Whether the member needs a password."""
    return bool(info.flag_bits & 1)


def fits(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]
) -> bool:
    """Whether one of the passwords opens this member."""
    try:
        member_bytes(archive, info, path, passwords)
    except PasswordNeeded:
        return False
    except DocumentError:
        # Whatever else is wrong with it will be said when it is read.
        return True
    return True


def member_bytes(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]
) -> bytes:
    """Unpack a member; raises `PasswordNeeded`, `DamagedFile` or `ContentTooLarge`."""
    if info.file_size > LARGEST_MEMBER_BYTES:
        raise ContentTooLarge(
            str(path), f"it unpacks to more than {LARGEST_MEMBER_BYTES // 1_000_000} MB"
        )
    try:
        if not is_encrypted(info):
            return _unpacked(archive, info, None)
        if info.compress_type == AES_METHOD:
            return aes_member(archive, info, path, tuple(_as_bytes(passwords)))
    except WrongPassword:
        raise PasswordNeeded(str(path)) from None
    except BROKEN_ZIP as error:
        raise DamagedFile(str(path), "it cannot be unpacked") from error
    return _with_old_cipher(archive, info, path, passwords)


def _with_old_cipher(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]
) -> bytes:
    if info.compress_size > _MOST_OLD_CIPHER_BYTES:
        limit = _MOST_OLD_CIPHER_BYTES // 1_000_000
        raise ContentTooLarge(str(path), f"its encryption allows no more than {limit} MB")
    for password in _as_bytes(passwords):
        try:
            return _unpacked(archive, info, password)
        except BROKEN_ZIP:
            # One of 256 wrong passwords passes the first check and shows in the content.
            continue
    raise PasswordNeeded(str(path))


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: bytes | None) -> bytes:
    with archive.open(info, pwd=password) as member:
        # The list of files may lie about the size, so what comes out is counted.
        data = member.read(LARGEST_MEMBER_BYTES + 1)
    if len(data) != info.file_size:
        raise zipfile.BadZipFile
    return data


def _as_bytes(passwords: Sequence[str]) -> Iterator[bytes]:
    for password in filter(None, passwords):
        yield password.encode("utf-8", "surrogateescape")
        if not password.isascii():
            yield password.encode("cp1252", "replace")
