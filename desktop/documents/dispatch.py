"""Which module reads which kind, and takes inner files out of it; imported when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from desktop.documents.content import Reading
from desktop.domain.documents import DocumentKind, PagePicture
from desktop.domain.errors import KindUnsupported

_PACKAGE = "desktop.documents.readers"
# A reader is a generator function of the path. What else it needs it takes by name:
# `first_page: int` to go past pages that failed, `passwords: Sequence[str]` to try in order.
_READERS = {
    DocumentKind.PDF: "pdf:read_pdf",
    DocumentKind.DOCX: "docx:read_docx",
    DocumentKind.XLSX: "xlsx:read_xlsx",
    DocumentKind.PPTX: "pptx:read_pptx",
    DocumentKind.ODT: "odt:read_odt",
    DocumentKind.ODS: "ods:read_ods",
    DocumentKind.ODP: "odp:read_odp",
    DocumentKind.RTF: "rtf:read_rtf",
    DocumentKind.DOC: "doc:read_doc",
    DocumentKind.XLS: "xls:read_xls",
    DocumentKind.PPT: "ppt:read_ppt",
    DocumentKind.HTML: "html:read_html",
    DocumentKind.MHTML: "mhtml:read_mhtml",
    DocumentKind.EPUB: "epub:read_epub",
    DocumentKind.EML: "eml:read_eml",
    DocumentKind.MSG: "msg:read_msg",
    DocumentKind.MBOX: "mbox:read_mbox",
    DocumentKind.MARKDOWN: "markdown:read_markdown",
    DocumentKind.RST: "rst:read_rst",
    DocumentKind.ORG: "org:read_org",
    DocumentKind.TEXT: "text:read_text",
    DocumentKind.CSV: "csv_table:read_csv",
    DocumentKind.JSON: "json_text:read_json",
    DocumentKind.XML: "xml_text:read_xml",
    DocumentKind.YAML: "yaml_text:read_yaml",
    DocumentKind.CODE: "code:read_code",
    DocumentKind.IMAGE: "image:read_image",
    DocumentKind.ZIP: "zip_archive:read_zip",
}
# `inner_file(path, name)` returns the bytes of one inner file that the reader named.
_CONTAINERS = {
    DocumentKind.PDF: "pdf_attachments:inner_file",
    DocumentKind.EML: "eml:inner_file",
    DocumentKind.MSG: "msg:inner_file",
    DocumentKind.MBOX: "mbox:inner_file",
    DocumentKind.ZIP: "zip_archive:inner_file",
}
# The function yields the pictures of the pages of these numbers, for text recognition.
_PICTURES = {
    DocumentKind.PDF: "pdf_pictures:pdf_sheets",
    DocumentKind.IMAGE: "image:image_sheets",
}
# The function draws one page in colour, for people.
_DRAWINGS = {
    DocumentKind.PDF: "pdf_pictures:pdf_picture",
    DocumentKind.IMAGE: "image:image_picture",
}
_OFFICE_ENCRYPTION = "office_encryption:decrypted"
# Kinds that are read as a whole: larger ones would not fit into the reading process. Files of the
# other kinds may be as large as the settings allow.
_LARGEST_MB = {
    DocumentKind.HTML: 64,
    DocumentKind.MHTML: 64,
    DocumentKind.RTF: 128,
    DocumentKind.MARKDOWN: 128,
    DocumentKind.RST: 64,
    DocumentKind.ORG: 64,
    DocumentKind.EML: 128,
    DocumentKind.MSG: 256,
    DocumentKind.DOC: 256,
    DocumentKind.XLS: 256,
    DocumentKind.PPT: 512,
    DocumentKind.IMAGE: 256,
}


def largest_bytes(kind: DocumentKind) -> int | None:
    """The largest file of this kind that fits into the reading process, None without a limit."""
    megabytes = _LARGEST_MB.get(kind)
    return None if megabytes is None else megabytes * 1_000_000


def reading_of(
    path: Path, kind: DocumentKind, first_page: int = 1, passwords: Sequence[str] = ()
) -> Reading:
    """The events of a file of this kind, read as they are asked for."""
    read = _function(_READERS[kind])
    events: Iterator[Any] = read(path, **_taken(read, first_page=first_page, passwords=passwords))
    return events


def inner_file_of(
    path: Path, kind: DocumentKind, name: str, passwords: Sequence[str] = ()
) -> bytes:
    """The bytes of one inner file; raises `FileMissing` where there is none of this name."""
    if kind not in _CONTAINERS:
        raise KindUnsupported(str(path), "a file that holds no others")
    take = _function(_CONTAINERS[kind])
    data: bytes = take(path, name, **_taken(take, passwords=passwords))
    return data


def decrypted_office(path: Path, passwords: Sequence[str]) -> bytes:
    """An encrypted Office document as it would be without; raises `PasswordNeeded`."""
    decrypt = _function(_OFFICE_ENCRYPTION)
    data: bytes = decrypt(path, passwords)
    return data


def pictures_of(
    path: Path, kind: DocumentKind, numbers: Sequence[int], passwords: Sequence[str] = ()
) -> Iterator[tuple[int, Any]]:
    """Number and `Sheet` of each page that can be drawn; none where no page is a picture."""
    if kind not in _PICTURES:
        return
    draw = _function(_PICTURES[kind])
    yield from draw(path, numbers, **_taken(draw, passwords=passwords))


def drawing_of(
    path: Path, kind: DocumentKind, number: int, width_px: int, passwords: Sequence[str] = ()
) -> PagePicture:
    """One page as people see it; raises `KindUnsupported` for kinds without printed pages."""
    if kind not in _DRAWINGS:
        raise KindUnsupported(str(path), "a file without printed pages")
    draw = _function(_DRAWINGS[kind])
    drawn = draw(path, number, width_px, **_taken(draw, passwords=passwords))
    return PagePicture(drawn.width, drawn.height, drawn.tobytes())


def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"{_PACKAGE}.{module}"), name)
    return function


def _taken(function: Callable[..., Any], **offered: Any) -> dict[str, Any]:
    wanted = signature(function).parameters
    return {name: value for name, value in offered.items() if name in wanted}
