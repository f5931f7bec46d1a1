"""Opening a PDF: with the right password, and with the true reason where it cannot be opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium_api
import pypdfium2.raw as pdfium

from desktop.documents.readers.pdf_second import pypdf_reader
from desktop.domain.errors import DamagedFile, DocumentError, NoPages, PasswordNeeded

_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def open_pdf(path: Path, passwords: Sequence[str] = ()) -> Any:
    """Open with the first password that fits, none first.

    Raises `PasswordNeeded`, `NoPages` or `DamagedFile`.
    """
    source: Any = path
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        # pdfium takes only UTF-8 names; the file's bytes do as well.
        source = path.read_bytes()
    code = 0
    for password in (None, *passwords):
        try:
            return pdfium_api.PdfDocument(source, password=password)
        except pdfium_api.PdfiumError as error:
            code = getattr(error, "err_code", 0)
        if code not in _LOCKED:
            break
    raise _why_not(path, code)


def _why_not(path: Path, code: int) -> DocumentError:
    """Why pdfium refused; its own reason may be left over from the file before."""
    # What names the encryption is never itself encrypted or compressed.
    if code in _LOCKED and b"/Encrypt" in path.read_bytes():
        return PasswordNeeded(str(path))
    try:
        with path.open("rb") as file:
            if not pypdf_reader(file).pages:
                return NoPages(str(path))
    except Exception:  # noqa: BLE001 - pypdf raises far more than its own errors on damaged files
        pass
    return DamagedFile(str(path), "its content does not follow the PDF format")
