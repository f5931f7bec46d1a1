"""What a file is, by its content; its name only decides between kinds of text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from desktop.documents.access import access_error, stamp_of
from desktop.documents.charset import decode, without_escapes
from desktop.documents.signatures import (
    ENCRYPTED_OFFICE,
    OLE_START,
    binary_format,
    control_share,
    ole_directory_offset,
    ole_format,
)
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
_READ_NAMES = {
    DocumentKind.PDF: "a PDF document",
    DocumentKind.DOCX: "a Word document",
    DocumentKind.MARKDOWN: "a Markdown document",
    DocumentKind.HTML: "a web page",
    DocumentKind.TEXT: "a text file",
}
_CLAIMS = {
    ".pdf": DocumentKind.PDF,
    ".docx": DocumentKind.DOCX,
    ".docm": DocumentKind.DOCX,
    ".md": DocumentKind.MARKDOWN,
    ".markdown": DocumentKind.MARKDOWN,
    ".mdown": DocumentKind.MARKDOWN,
    ".html": DocumentKind.HTML,
    ".htm": DocumentKind.HTML,
    ".xhtml": DocumentKind.HTML,
    ".txt": DocumentKind.TEXT,
    ".text": DocumentKind.TEXT,
    ".log": DocumentKind.TEXT,
    ".csv": DocumentKind.TEXT,
}
# A file under such a name that holds text is a failed download, not a document.
_NO_DOCUMENTS = {
    **dict.fromkeys((".gguf", ".safetensors", ".bin"), "a model file"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp"), "a picture"),
    **dict.fromkeys((".zip", ".gz", ".7z", ".rar", ".xz"), "an archive"),
    **dict.fromkeys((".exe", ".dll", ".so"), "a program"),
    **dict.fromkeys((".mp3", ".wav", ".mp4", ".mov"), "a recording"),
}
_HTML_START = re.compile(
    r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"<(?:p|div|table|h[1-6]|br|span|ul|a|title|meta|script)\b[^>]*>", re.I)
_SVG_START = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]*>|<!doctype svg[^>]*>)*<svg\b", re.I | re.S)
_MAIL_FIELD = re.compile(
    r"^(?:received|return-path|message-id|mime-version|delivered-to|x-[a-z-]+):\s", re.I | re.M
)
_MAIL_START = re.compile(r"(?:From .*\n)?[A-Za-z][A-Za-z0-9-]*:[ \t]")


def kind_of(path: Path) -> DocumentKind:
    """Find the kind of a file from its content.

    Raises `FileMissing`, `FileUnreadable`, `EmptyFile`, `PasswordNeeded`, and `KindMismatch` or
    `KindUnsupported` for formats that are not read.
    """
    stamp_of(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise access_error(path, error) from None
    if _is_pdf(head, path):
        return DocumentKind.PDF
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path)
    if head.startswith(OLE_START):
        raise _ole_error(path, head)
    if found := binary_format(head):
        raise _not_read(path, found)
    return _kind_of_text(path, head)


def claimed_kind(path: Path) -> DocumentKind | None:
    """The kind that the file's name promises."""
    return _CLAIMS.get(path.suffix.lower())


def kind_in_words(kind: DocumentKind) -> str:
    """The kind as a person would call it."""
    return _READ_NAMES[kind]


def _is_pdf(head: bytes, path: Path) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return True
    if claimed_kind(path) is not DocumentKind.PDF:
        return False
    # Readers allow for junk in front; a file with objects and no header is a damaged PDF.
    return b"%PDF-" in head[:_PDF_WITHIN] or re.search(rb"\d+ \d+ obj\b|%PDF", head) is not None


def _kind_of_zip(path: Path) -> DocumentKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        if claimed_kind(path) is DocumentKind.DOCX:
            return DocumentKind.DOCX  # damaged; its reader says how
        raise _not_read(path, "a damaged ZIP archive") from None
    found = _zip_format(names)
    if found is None:
        return DocumentKind.DOCX
    raise _not_read(path, found)


def _zip_format(names: set[str]) -> str | None:
    """None for a Word document, else what the archive is."""
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "an Excel workbook"
        if any(name.startswith("ppt/") for name in names):
            return "a PowerPoint presentation"
        return None
    if "META-INF/container.xml" in names:
        return "an EPUB book"
    if "mimetype" in names and "content.xml" in names:
        return "an OpenDocument file"
    return "a ZIP archive"


def _ole_error(path: Path, head: bytes) -> DocumentError:
    with path.open("rb") as file:
        file.seek(ole_directory_offset(head))
        found = ole_format(file.read(_HEAD_BYTES))
    if found == ENCRYPTED_OFFICE:
        return PasswordNeeded(str(path))
    return _not_read(path, found)


def _kind_of_text(path: Path, head: bytes) -> DocumentKind:
    text = _decoded_head(head)
    if control_share(without_escapes(text).encode("utf-8", "replace")) > _MOST_CONTROL:
        raise _not_read(path, "binary data")
    if not text.strip("\ufeff\x00 \t\r\n") and path.stat().st_size <= _HEAD_BYTES:
        raise EmptyFile(str(path))
    if _SVG_START.match(text):
        raise _not_read(path, "an SVG picture")
    if _is_mail(path, text):
        raise _not_read(path, "an e-mail message")
    kind = _text_kind(path, text)
    if kind is DocumentKind.TEXT and claimed_kind(path) in (DocumentKind.PDF, DocumentKind.DOCX):
        raise _not_read(path, _READ_NAMES[kind])
    if claimed := _NO_DOCUMENTS.get(path.suffix.lower()):
        raise KindMismatch(str(path), claimed, _READ_NAMES[kind])
    return kind


def _is_mail(path: Path, text: str) -> bool:
    if not _MAIL_START.match(text):
        return False
    return path.suffix.lower() == ".eml" or len(_MAIL_FIELD.findall(text[:4000])) >= 2


def _decoded_head(head: bytes) -> str:
    if len(head) < _HEAD_BYTES:
        return decode(head).text
    # The cut may fall into a character, which takes four bytes at most.
    for missing in range(4):
        decoded = decode(head[: _HEAD_BYTES - missing])
        if not decoded.broken:
            break
    return decoded.text


def _text_kind(path: Path, text: str) -> DocumentKind:
    claimed = claimed_kind(path)
    if _HTML_START.match(text):
        return DocumentKind.HTML
    if claimed is DocumentKind.HTML and len(_HTML_TAG.findall(text)) >= 2:
        return DocumentKind.HTML
    return DocumentKind.MARKDOWN if claimed is DocumentKind.MARKDOWN else DocumentKind.TEXT


def _not_read(path: Path, found: str) -> DocumentError:
    claimed = claimed_kind(path)
    if claimed is not None:
        return KindMismatch(str(path), _READ_NAMES[claimed], found)
    return KindUnsupported(str(path), found)
