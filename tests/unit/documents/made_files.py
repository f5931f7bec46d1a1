"""Real files for the tests of the readers, made by other programs than the ones that read them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
# One red dot.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "78da63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
Print = tuple[float, float, float, str]
"""Left and top edge in points from the page's top left corner, font size, text."""


def write_pdf(path: Path, pages: Sequence[Sequence[Print]], title: str = "") -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    if title:
        canvas.setTitle(title)
    for page in pages:
        for left, top, size, text in page:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, HEIGHT - top - size, text)
        canvas.showPage()
    canvas.save()
    return path


def write_picture_pdf(path: Path, texts: Sequence[str]) -> Path:
    """A page with a picture for each text; an empty text is a page with nothing but it."""
    from reportlab.lib.utils import ImageReader

    canvas = Canvas(str(path), pagesize=A4)
    for text in texts:
        canvas.drawImage(ImageReader(BytesIO(PIXEL)), 0, 0, WIDTH, HEIGHT)
        if text:
            canvas.drawString(72, 500, text)
        canvas.showPage()
    canvas.save()
    return path


def turned(path: Path, degrees: int, crop: tuple[float, float, float, float]) -> Path:
    """The same PDF with every page turned clockwise and cropped."""
    writer = PdfWriter(clone_from=PdfReader(path))
    for page in writer.pages:
        page.rotate(degrees)
        page.cropbox.lower_left, page.cropbox.upper_right = crop[:2], crop[2:]
    writer.write(path)
    return path


def encrypted(path: Path, user_password: str, owner_password: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt(user_password, owner_password, algorithm="RC4-128")
    writer.write(path)
    return path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_plain_docx(path: Path, document_xml: bytes) -> Path:
    """The smallest package that Word would open, around the given main part."""
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org'
        b'/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": relations}
    return write_zip(path, {**parts, "word/document.xml": document_xml})
