"""What a file is, by its content; its name only decides between kinds of text."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.documents.access import access_error, stamp_of
from desktop.documents.charset import decode, without_escapes
from desktop.documents.kind_names import claimed_kind, claims_no_text, kind_in_words
from desktop.documents.signatures import (
    ENCRYPTED_OFFICE,
    OLD_OFFICE,
    OLE_START,
    binary_format,
    control_share,
    ole_directory_offset,
    ole_formats,
)
from desktop.documents.text_kinds import kind_of_text, may_be_text_of
from desktop.documents.zip_kinds import kind_of_zip
from desktop.domain.documents import DocumentKind
from desktop.domain.errors import (
    DocumentError,
    EmptyFile,
    KindMismatch,
    KindUnsupported,
    PasswordNeeded,
)

_HEAD_BYTES = 16 * 1024
_PDF_WITHIN = 1024
_MOST_CONTROL = 0.02
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_SVG_START = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]*>|<!doctype svg[^>]*>)*<svg\b", re.I | re.S)
_OLE_NAMES_WITHIN = 64 << 20
_PACKED = frozenset({
    DocumentKind.DOCX, DocumentKind.XLSX, DocumentKind.PPTX, DocumentKind.ODT, DocumentKind.ODS,
    DocumentKind.ODP, DocumentKind.EPUB, DocumentKind.ZIP,
})  # fmt: skip


def kind_of(path: Path) -> DocumentKind:
    """Find the kind of a file from its content.

    Raises `FileMissing`, `FileUnreadable`, `EmptyFile`, `PasswordNeeded` for an encrypted Office
    document, and `KindMismatch` or `KindUnsupported` for formats that are not read.
    """
    head = _head_of(path)
    if _is_pdf(head, path):
        return DocumentKind.PDF
    if head.startswith(_ZIP_STARTS):
        return _zip_kind(path)
    if head.startswith(OLE_START):
        return _ole_kind(path, head)
    found = binary_format(head)
    if isinstance(found, DocumentKind):
        return found
    if found:
        raise _not_read(path, found)
    return _text_kind(path, head)


def is_encrypted_office(path: Path) -> bool:
    """Whether it is an Office document that only its password opens, whatever kind it is inside."""
    head = _head_of(path)
    return head.startswith(OLE_START) and _ole_content(path, head) == ENCRYPTED_OFFICE


def _head_of(path: Path) -> bytes:
    stamp_of(path)
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError as error:
        raise access_error(path, error) from None


def _is_pdf(head: bytes, path: Path) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return True
    if claimed_kind(path) is not DocumentKind.PDF:
        return False
    # Readers allow for junk in front; a file with objects and no header is a damaged PDF.
    return b"%PDF-" in head[:_PDF_WITHIN] or re.search(rb"\d+ \d+ obj\b|%PDF", head) is not None


def _zip_kind(path: Path) -> DocumentKind:
    found = kind_of_zip(path)
    claimed = claimed_kind(path)
    if found is None and claimed in _PACKED:
        return claimed  # damaged; its reader says how
    if not isinstance(found, DocumentKind):
        raise _not_read(path, found or "a damaged ZIP archive")
    if found is DocumentKind.ZIP and claimed not in (None, DocumentKind.ZIP):
        # An Office document without its main parts, or an archive sent under a false name.
        raise _not_read(path, kind_in_words(found))
    return found


def _ole_kind(path: Path, head: bytes) -> DocumentKind:
    found = _ole_content(path, head)
    if found == ENCRYPTED_OFFICE:
        raise PasswordNeeded(str(path))
    if isinstance(found, DocumentKind):
        return found
    claimed = claimed_kind(path)
    if claimed in (DocumentKind.DOC, DocumentKind.XLS, DocumentKind.PPT, DocumentKind.MSG):
        return claimed  # damaged; its reader says how
    raise _not_read(path, found)


def _ole_content(path: Path, head: bytes) -> DocumentKind | str:
    with path.open("rb") as file:
        file.seek(ole_directory_offset(head))
        found = ole_formats(file.read(_HEAD_BYTES))
        if not found:
            # The directory may go on anywhere in the file.
            file.seek(0)
            found = ole_formats(file.read(_OLE_NAMES_WITHIN))
    claimed = claimed_kind(path)
    return claimed if claimed in found else (found or [OLD_OFFICE])[0]


def _text_kind(path: Path, head: bytes) -> DocumentKind:
    text = _decoded_head(head)
    whole = len(head) < _HEAD_BYTES
    if control_share(without_escapes(text).encode("utf-8", "replace")) > _MOST_CONTROL:
        raise _not_read(path, "binary data")
    if not text.strip("\ufeff\x00 \t\r\n") and whole:
        raise EmptyFile(str(path))
    if _SVG_START.match(text):
        raise _not_read(path, "an SVG picture")
    kind = kind_of_text(path, text, whole)
    if said := claims_no_text(path):
        raise KindMismatch(str(path), said, kind_in_words(kind))
    if not may_be_text_of(kind, claimed_kind(path)):
        raise _not_read(path, kind_in_words(kind))
    return kind


def _decoded_head(head: bytes) -> str:
    if len(head) < _HEAD_BYTES:
        return decode(head).text
    # The cut may fall into a character, which takes four bytes at most.
    for missing in range(4):
        decoded = decode(head[: _HEAD_BYTES - missing])
        if not decoded.broken:
            break
    return decoded.text


def _not_read(path: Path, found: str) -> DocumentError:
    claimed = claimed_kind(path)
    if claimed is not None:
        return KindMismatch(str(path), kind_in_words(claimed), found)
    return KindUnsupported(str(path), found)
