"""What a ZIP file is, by the names and the few members that say so."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

from desktop.domain.documents import DocumentKind

_MIMETYPES = {
    "application/epub+zip": DocumentKind.EPUB,
    "application/vnd.oasis.opendocument.text": DocumentKind.ODT,
    "application/vnd.oasis.opendocument.spreadsheet": DocumentKind.ODS,
    "application/vnd.oasis.opendocument.presentation": DocumentKind.ODP,
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE_TYPES = (
    (b"ms-excel.sheet.binary", "a binary Excel workbook"),
    (b"ms-visio", "a Visio drawing"),
    (b"ms-xpsdocument", "an XPS document"),
    (b"spreadsheetml.", DocumentKind.XLSX),
    (b"ms-excel.", DocumentKind.XLSX),
    (b"presentationml.", DocumentKind.PPTX),
    (b"ms-powerpoint.", DocumentKind.PPTX),
)
_OFFICE_FOLDERS = (("xl/", DocumentKind.XLSX), ("ppt/", DocumentKind.PPTX))
# The name of a member stands in clear before its bytes, so a file cut short still shows it.
_MIMETYPE_IN_CLEAR = re.compile(rb"mimetype(application/[\w.+-]{1,100}?)PK\x03\x04")
_LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_MOST_SCANNED_BYTES = 1 << 20
_MOST_MEMBER_BYTES = 1 << 20


def kind_of_zip(path: Path) -> DocumentKind | str | None:
    """The kind, or what it is in words where it is not read, or None for a broken container."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype, types = _member(archive, "mimetype"), _member(archive, _CONTENT_TYPES)
        return _of_names(names, mimetype, types)
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError, EOFError):
        return _kind_in_clear(path)


def _of_names(names: set[str], mimetype: bytes, types: bytes) -> DocumentKind | str:
    if mimetype or ("mimetype" in names and "content.xml" in names):
        return _of_mimetype(mimetype.decode("latin-1").strip(), names)
    if _CONTENT_TYPES in names:
        return _of_office(names, types)
    if "META-INF/container.xml" in names:
        return DocumentKind.EPUB
    return _of_other(names)


def _of_mimetype(mimetype: str, names: set[str]) -> DocumentKind | str:
    for start, kind in _MIMETYPES.items():
        if mimetype == start or mimetype.startswith((f"{start}-", f"{start};")):
            return kind
    if "META-INF/container.xml" in names:
        return DocumentKind.EPUB
    if mimetype.startswith(_OPEN_DOCUMENT):
        return f"an OpenDocument {mimetype.removeprefix(_OPEN_DOCUMENT).split('-')[0]}"
    return DocumentKind.ODT if not mimetype and "content.xml" in names else DocumentKind.ZIP


def _of_office(names: set[str], types: bytes) -> DocumentKind | str:
    if b"wordprocessingml.document.main" in types:
        return DocumentKind.DOCX
    for mark, kind in _OFFICE_TYPES:
        if mark in types:
            return kind
    for folder, kind in _OFFICE_FOLDERS:
        if any(name.startswith(folder) for name in names):
            return kind
    return DocumentKind.DOCX


def _of_other(names: set[str]) -> DocumentKind | str:
    if any(name.endswith("Document.iwa") for name in names) or "index.apxl" in names:
        return "an Apple iWork document"
    if "AndroidManifest.xml" in names or "META-INF/MANIFEST.MF" in names:
        return "a program"
    if any(name == "data.pkl" or name.endswith("/data.pkl") for name in names):
        return "a model file"
    return DocumentKind.ZIP


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return file.read(_MOST_MEMBER_BYTES)
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, EOFError):
        return b""


def _kind_in_clear(path: Path) -> DocumentKind | str | None:
    with path.open("rb") as file:
        data = file.read(_MOST_SCANNED_BYTES)
    names = set()
    for match in _LOCAL_NAME.finditer(data):
        length = int.from_bytes(match.group(1), "little")
        names.add(data[match.end() : match.end() + length].decode("utf-8", "replace"))
    mimetype = _MIMETYPE_IN_CLEAR.search(data)
    found = _of_names(names, mimetype.group(1) if mimetype else b"", b"")
    return None if found is DocumentKind.ZIP else found
