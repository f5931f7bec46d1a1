"""Pages of a PDF drawn: in grey for text recognition, in colour for people."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium_api
import pypdfium2.raw as pdfium
from PIL import Image

from desktop.documents.readers.pdf_file import open_pdf
from desktop.documents.recognition.sheets import Sheet
from desktop.domain.errors import DamagedFile

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200
# Small pages are often small print; large ones must not fill the memory.
_SHORTEST_SIDE = 1600
_LONGEST_SIDE = 3400
_FINEST = 400
_LONGEST_DRAWN = 6000
_SPECK = 12  # points; no page to read has such sides
_WHITE = 0xFFFFFFFF


def pdf_sheets(
    path: Path, numbers: Sequence[int], passwords: Sequence[str] = ()
) -> Iterator[tuple[int, Sheet]]:
    """Draw these pages one by one; those that cannot be opened are left out."""
    document = open_pdf(path, passwords)
    try:
        for number in numbers:
            page = pdfium.FPDF_LoadPage(document.raw, number - 1)
            if not page:
                continue
            try:
                sheet = _drawn(page)
            finally:
                pdfium.FPDF_ClosePage(page)
            if sheet is not None:
                yield number, sheet
    finally:
        document.close()


def pdf_picture(
    path: Path, number: int, width_px: int, passwords: Sequence[str] = ()
) -> Image.Image:
    """Draw one page in colour, `width_px` wide; raises `DamagedFile` where it cannot be."""
    document = open_pdf(path, passwords)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(width_px, _LONGEST_DRAWN, _LONGEST_DRAWN * width / max(height, 1)) / width
        picture: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
        return picture.convert("RGB")
    except (pdfium_api.PdfiumError, IndexError, ZeroDivisionError):
        raise DamagedFile(str(path), f"page {number} cannot be drawn") from None
    finally:
        document.close()


def _drawn(page: Any) -> Sheet | None:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if min(width, height) < _SPECK:
        return None
    scale = _scale(max(width, height, 1.0))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, _WHITE)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        buffer = pdfium.FPDFBitmap_GetBuffer(bitmap)
        levels = bytes((ctypes.c_ubyte * (stride * rows)).from_address(buffer))
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    picture = Image.frombytes("L", (columns, rows), levels, "raw", "L", stride)
    return Sheet(picture, width / columns)


def _scale(side: float) -> float:
    """Pixels for a point."""
    wanted = max(_DOTS_PER_INCH / _POINTS_PER_INCH, _SHORTEST_SIDE / side)
    return min(wanted, _FINEST / _POINTS_PER_INCH, _LONGEST_SIDE / side)
