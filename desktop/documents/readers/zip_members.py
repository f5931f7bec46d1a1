"""One member of a ZIP file: unpacked within limits, with a password where it needs one."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop.documents.readers.zip_aes import (
    AES_METHOD,
    BROKEN_ZIP,
    WrongPassword,
    aes_member,
    packed_bytes,
    unpacked_bytes,
)
from desktop.domain.errors import ContentTooLarge, DamagedFile, DocumentError, PasswordNeeded

LARGEST_MEMBER_BYTES = 256_000_000
# The old cipher is undone byte by byte, which takes a second for about this many.
_OLD_CIPHER_BYTES_A_SECOND = 1_000_000
_MOST_OLD_CIPHER_BYTES = 15 * _OLD_CIPHER_BYTES_A_SECOND


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Whether the member needs a password."""
    return bool(info.flag_bits & 1)


def fits(info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]) -> bool:
    """Whether one of the passwords opens this member."""
    try:
        member_bytes(info, path, passwords)
    except PasswordNeeded:
        return False
    except DocumentError:
        # Whatever else is wrong with it will be said when it is read.
        return True
    return True


def member_bytes(info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]) -> bytes:
    """Unpack a member; raises `PasswordNeeded`, `DamagedFile` or `ContentTooLarge`."""
    limit = LARGEST_MEMBER_BYTES // 1_000_000
    if max(info.file_size, info.compress_size) > LARGEST_MEMBER_BYTES:
        raise ContentTooLarge(str(path), f"it unpacks to more than {limit} MB")
    try:
        if info.compress_type == AES_METHOD:
            with path.open("rb") as file:
                return aes_member(file, info, path, tuple(_as_bytes(passwords)))
        if is_encrypted(info):
            return _with_old_cipher(info, path, passwords)
        if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Without Python's own reader, which reads the whole list of members each time.
            return _plain(info, path)
        with zipfile.ZipFile(path) as archive:
            return _unpacked(archive, info, None)
    except WrongPassword:
        raise PasswordNeeded(str(path)) from None
    except NotImplementedError as error:
        raise DamagedFile(str(path), "it is packed in a way that is not read") from error
    except BROKEN_ZIP as error:
        raise DamagedFile(str(path), "it cannot be unpacked") from error


def _plain(info: zipfile.ZipInfo, path: Path) -> bytes:
    with path.open("rb") as file:
        data = unpacked_bytes(packed_bytes(file, info), info.compress_type, info.file_size)
    if zlib.crc32(data) != info.CRC:
        raise zipfile.BadZipFile
    return data


def _with_old_cipher(info: zipfile.ZipInfo, path: Path, passwords: Sequence[str]) -> bytes:
    if info.compress_size > _MOST_OLD_CIPHER_BYTES:
        limit = _MOST_OLD_CIPHER_BYTES // 1_000_000
        raise ContentTooLarge(str(path), f"its encryption allows no more than {limit} MB")
    with zipfile.ZipFile(path) as archive:
        for password in _as_bytes(passwords):
            try:
                return _unpacked(archive, info, password)
            except BROKEN_ZIP:
                # One of 256 wrong passwords passes the first check and shows in the content.
                continue
    raise WrongPassword


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: bytes | None) -> bytes:
    with archive.open(info, pwd=password) as member:
        # The list of files may lie about the size, so what comes out is counted.
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise zipfile.BadZipFile
    return data


def _as_bytes(passwords: Sequence[str]) -> Iterator[bytes]:
    for password in filter(None, passwords):
        yield password.encode("utf-8", "surrogateescape")
        if not password.isascii():
            yield password.encode("cp1252", "replace")
