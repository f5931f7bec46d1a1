"""ZIP: a folder in one file; its members are listed here and read one by one."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from desktop.documents.charset import decode
from desktop.documents.content import Opened, Reading, Remark
from desktop.documents.readers.inner_names import UniqueNames, safe_name
from desktop.documents.readers.zip_aes import BROKEN_ZIP
from desktop.documents.readers.zip_members import (
    LARGEST_MEMBER_BYTES,
    fits,
    is_encrypted,
    member_bytes,
)
from desktop.documents.readers.zip_sizes import check_sizes
from desktop.domain.documents import DocumentKind, InnerFile, PageUnit
from desktop.domain.errors import DamagedFile, FileMissing, PasswordNeeded

_MOST_MEMBERS = 10_000
_UTF8_NAMES = 0x800
_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    info: zipfile.ZipInfo


def read_zip(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield the members as inner files; raises `ContentTooLarge` for a bomb.

    Raises `PasswordNeeded` where all members are encrypted and no password fits.
    """
    with _opened(path) as archive:
        check_sizes(archive, path)
        members, links = _members(archive)
    _check_password(members, path, passwords)
    yield Opened(DocumentKind.ZIP, path.stem, PageUnit.PART, 0)
    small = [each for each in members if each.info.file_size <= LARGEST_MEMBER_BYTES]
    for member in small[:_MOST_MEMBERS]:
        yield InnerFile(member.name, member.info.file_size)
    limit = LARGEST_MEMBER_BYTES // 1_000_000
    yield from _left_out(len(members) - len(small), f"because they are larger than {limit} MB")
    yield from _left_out(len(small) - _MOST_MEMBERS, "because there are too many")
    yield from _left_out(links, "because they are links to other places")


def inner_file(path: Path, name: str, passwords: Sequence[str] = ()) -> bytes:
    """The bytes of the member that `read_zip` gave this name.

    Raises `FileMissing`, `PasswordNeeded`, `DamagedFile` or `ContentTooLarge`.
    """
    stamp = path.stat()
    info = _listed(path, stamp.st_size, stamp.st_mtime_ns).get(name)
    if info is None:
        raise FileMissing(str(path))
    return member_bytes(info, path, passwords)


# The files of an archive are asked for one by one, and listing thousands of them takes its time.
@lru_cache(maxsize=2)
def _listed(path: Path, _size_bytes: int, _modified_ns: int) -> dict[str, zipfile.ZipInfo]:
    with _opened(path) as archive:
        return {member.name: member.info for member in _members(archive)[0]}


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except BROKEN_ZIP as error:
        raise DamagedFile(str(path), "its list of files is broken") from error


def _members(archive: zipfile.ZipFile) -> tuple[list[_Member], int]:
    """The files in it, and how many links were passed over."""
    names = UniqueNames()
    members, links = [], 0
    for info in archive.infolist():
        name = safe_name(_written_name(info))
        if info.is_dir() or _is_of_the_system(name):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            links += 1
            continue
        members.append(_Member(names.of(name), info))
    return members, links


def _written_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_NAMES:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    # The standard knows one code page; programs write the name in that of their country.
    return info.filename if raw.isascii() else decode(raw).text


def _is_of_the_system(name: str) -> bool:
    first, _, _ = name.partition("/")
    return first == "__MACOSX" or name.rpartition("/")[2].lower() in _SYSTEM_FILES


def _check_password(members: list[_Member], path: Path, passwords: Sequence[str]) -> None:
    locked = [member.info for member in members if is_encrypted(member.info)]
    if not locked or len(locked) < len(members):
        return
    smallest = min(locked, key=lambda info: info.file_size)
    if not fits(smallest, path, passwords):
        raise PasswordNeeded(str(path))


def _left_out(count: int, why: str) -> Iterator[Remark]:
    if count > 0:
        yield Remark(f"Files in it that are not read {why}: {count:,}.")
