"""Whether a ZIP file, with the archives packed in it, unpacks to more than anybody meant."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from desktop.documents.readers.zip_aes import BROKEN_ZIP
from desktop.domain.errors import ContentTooLarge, DamagedFile

_MOST_RATIO = 200
_HARMLESS_BYTES = 100_000_000
_MOST_TOTAL_BYTES = 16_000_000_000
_MOST_ARCHIVES = 1_000
_MOST_LISTED = 100_000
_LARGEST_LOOKED_INTO = 16 << 20
_MOST_LOOKED_INTO = 64 << 20
_DEEPEST = 6


@dataclass(slots=True)
class _Sum:
    packed_bytes: int
    unpacked_bytes: int = 0
    listed: int = 0
    archives: int = 0
    looked_into: int = 0

    def add(self, info: zipfile.ZipInfo, path: Path) -> None:
        self.unpacked_bytes += info.file_size
        self.listed += 1
        large = self.unpacked_bytes > _HARMLESS_BYTES
        if large and self.unpacked_bytes > _MOST_RATIO * self.packed_bytes:
            raise ContentTooLarge(
                str(path), f"it unpacks to more than {_MOST_RATIO} times its size"
            )
        if self.unpacked_bytes > _MOST_TOTAL_BYTES:
            limit = _MOST_TOTAL_BYTES // 1_000_000_000
            raise ContentTooLarge(str(path), f"it unpacks to more than {limit} GB")
        if self.listed > _MOST_LISTED:
            raise ContentTooLarge(str(path), f"it lists more than {_MOST_LISTED:,} files")
        if self.archives > _MOST_ARCHIVES:
            raise ContentTooLarge(str(path), f"it packs more than {_MOST_ARCHIVES:,} archives")


def check_sizes(archive: zipfile.ZipFile, path: Path) -> None:
    """Raise `ContentTooLarge` for a bomb, `DamagedFile` where members share their bytes."""
    packed = path.stat().st_size
    if sum(info.compress_size for info in archive.infolist()) > packed:
        raise DamagedFile(str(path), "its files are packed over one another")
    _look_into(archive, path, _Sum(packed), 1)


def _look_into(archive: zipfile.ZipFile, path: Path, total: _Sum, depth: int) -> None:
    for info in archive.infolist():
        total.add(info, path)
        if not _may_be_looked_into(info, total) or depth >= _DEEPEST:
            continue
        total.archives += 1
        total.looked_into += info.file_size
        try:
            with archive.open(info) as member:
                data = member.read(_LARGEST_LOOKED_INTO + 1)
            # What is packed again counts as what it unpacks to, not as the archive itself.
            total.unpacked_bytes -= info.file_size
            with zipfile.ZipFile(BytesIO(data)) as inner:
                _look_into(inner, path, total, depth + 1)
        except BROKEN_ZIP:
            continue


def _may_be_looked_into(info: zipfile.ZipInfo, total: _Sum) -> bool:
    return (
        info.filename.lower().endswith(".zip")
        and not info.flag_bits & 1
        and info.file_size <= _LARGEST_LOOKED_INTO
        and total.looked_into + info.file_size <= _MOST_LOOKED_INTO
    )
