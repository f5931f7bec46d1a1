"""The first bytes of the formats that Carrel tells apart, in plain words."""

from __future__ import annotations

import re
import struct

from desktop.domain.documents import DocumentKind

_STARTS: tuple[tuple[bytes, DocumentKind | str], ...] = (
    (b"\x89PNG\r\n\x1a\n", DocumentKind.IMAGE),
    (b"\xff\xd8\xff", DocumentKind.IMAGE),
    (b"GIF8", DocumentKind.IMAGE),
    (b"II*\x00", DocumentKind.IMAGE),
    (b"MM\x00*", DocumentKind.IMAGE),
    (b"BM", DocumentKind.IMAGE),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"8BPS", "a Photoshop picture"),
    (b"GGUF", "a model file"),
    (b"{\\rtf", DocumentKind.RTF),
    (b"%!PS", "a PostScript document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"version https://git-lfs.github.com/spec/", "a placeholder for a file kept elsewhere"),
)
# Short signatures that ordinary text could begin with; only trusted in files with binary bytes.
_WEAK = (b"BM", b"MZ", b"ID3", b"BZh", b"GIF8", b"Rar!", b"GGUF", b"OggS", b"fLaC", b"8BPS")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OLE_NAMES: tuple[tuple[str, DocumentKind | str], ...] = (
    ("EncryptedPackage", "an encrypted Office document"),
    ("__properties_version1.0", DocumentKind.MSG),
    ("WordDocument", DocumentKind.DOC),
    ("Workbook", DocumentKind.XLS),
    ("Book", DocumentKind.XLS),
    ("PowerPoint Document", DocumentKind.PPT),
)
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "an encrypted Office document"
OLD_OFFICE = "an old Office document"
_TAR = "a tar archive"


def binary_format(head: bytes) -> DocumentKind | str | None:
    """The kind that these first bytes belong to, its name where it is not read, or None."""
    for start, name in _STARTS:
        if head.startswith(start) and (start not in _WEAK or _CONTROL.search(head[:64])):
            return name
    if head[:4] == b"RIFF":
        kinds: dict[bytes, DocumentKind | str] = {
            b"WEBP": DocumentKind.IMAGE,
            b"WAVE": "a sound file",
        }
        return kinds.get(head[8:12], "a video")
    if head[4:8] == b"ftyp":
        return "a HEIC picture" if head[8:12] in (b"heic", b"mif1", b"avif") else "a video"
    return _TAR if head[257:262] == b"ustar" else None


def control_share(head: bytes) -> float:
    """Share of bytes that no text holds."""
    return len(_CONTROL.findall(head)) / len(head) if head else 0.0


def ole_formats(data: bytes) -> list[DocumentKind | str]:
    """What an OLE container may hold, from the names in its directory; embedded files count too."""
    found = [kind for name, kind in _OLE_NAMES if name.encode("utf-16-le") + b"\x00\x00" in data]
    return list(dict.fromkeys(found))


def ole_directory_offset(head: bytes) -> int:
    """Where the directory of an OLE container begins."""
    if len(head) < 52:
        return 0
    (shift,) = struct.unpack_from("<H", head, 30)
    (sector,) = struct.unpack_from("<I", head, 48)
    return int((sector + 1) << min(shift, 12))
