"""Files attached to a PDF: those of the whole file, and those pinned to its pages."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pypdfium2 as pdfium_api
import pypdfium2.raw as pdfium

from desktop.documents.inner_files import MOST_INNER_BYTES
from desktop.documents.readers.pdf_file import open_pdf
from desktop.documents.readers.pdf_second import pypdf_reader
from desktop.domain.documents import InnerFile
from desktop.domain.errors import ContentTooLarge, FileMissing

_MOST = 1_000
_UNNAMED = "attachment"


@dataclass(frozen=True, slots=True)
class _Attached:
    """One attached file; `index` counts among the whole file's, `data` is set for pinned ones."""

    name: str
    size: int
    index: int = -1
    data: bytes | None = None


def attached_files(
    document: Any, path: Path, pages: Sequence[int], passwords: Sequence[str]
) -> Iterator[InnerFile]:
    """The files attached to an opened document, and those pinned to the given pages."""
    for attached in _all(document, path, pages, passwords):
        yield InnerFile(attached.name, attached.size)


def inner_file(path: Path, name: str, passwords: Sequence[str] = ()) -> bytes:
    """The bytes of one attached file. Raises `FileMissing`, or `ContentTooLarge`."""
    document = open_pdf(path, passwords)
    try:
        pages = range(1, len(document) + 1)
        for attached in _all(document, path, pages, passwords):
            if attached.name != name:
                continue
            if attached.size > MOST_INNER_BYTES:
                raise ContentTooLarge(str(path), f"its attachment is {attached.size:,} bytes large")
            if attached.data is not None:
                return attached.data
            data: bytes = bytes(document.get_attachment(attached.index).get_data())
            return data
    except pdfium_api.PdfiumError:
        pass
    finally:
        document.close()
    raise FileMissing(str(path))


def _all(
    document: Any, path: Path, pages: Sequence[int], passwords: Sequence[str]
) -> Iterator[_Attached]:
    taken: set[str] = set()
    for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(document.raw), _MOST)):
        attachment = document.get_attachment(index)
        size = ctypes.c_ulong()
        pdfium.FPDFAttachment_GetFile(attachment.raw, None, 0, size)
        yield _Attached(_unique(attachment.get_name(), taken), int(size.value), index)
    if pages:
        for name, data in _pinned(path, pages, passwords):
            yield _Attached(_unique(name, taken), len(data), data=data)


def _unique(name: str, taken: set[str]) -> str:
    """The plain name, numbered where an attachment before it has the same."""
    plain = name.replace("\\", "/").replace("\x00", "").rpartition("/")[2].strip() or _UNNAMED
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix
    unique, count = plain, 1
    while unique in taken:
        count += 1
        unique = f"{stem} ({count}){suffix}"
    taken.add(unique)
    return unique


def _pinned(
    path: Path, pages: Sequence[int], passwords: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files pinned to these pages, which only pypdf gives out."""
    with path.open("rb") as file:
        try:
            reader = pypdf_reader(file, passwords)
            for number in pages:
                for annotation in reader.pages[number - 1].get("/Annots") or ():
                    note = annotation.get_object()
                    if note.get("/Subtype") == "/FileAttachment":
                        given = note["/FS"].get_object()
                        stream = given["/EF"].get_object()["/F"].get_object()
                        name = str(given.get("/UF") or given.get("/F") or "")
                        yield name, stream.get_data()
        except Exception:  # noqa: BLE001 - pypdf raises far more than its own errors
            return
