"""Make the sample collection's PDF and Word files from installers/sample_texts, byte for byte.

    python installers/make_samples.py [FOLDER]

The Markdown, HTML and text samples are written by hand and lie in resources/samples already.
Needs the development packages (PySide6 and python-docx).
"""

from __future__ import annotations

import os
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

PROJECT = Path(__file__).resolve().parent.parent
TEXTS = PROJECT / "installers" / "sample_texts"
FONTS = PROJECT / "resources" / "fonts"
AS_PDF = ("lease", "data-protection-policy", "supplier-agreement", "insurance-schedule")
AS_WORD = ("travel-policy", "board-minutes-2026-05-12")
FIRM = "Alder & Finch Bindery Ltd"
WRITTEN = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
RESOLUTION = 600
MARGIN_MM = 22.0
FOOTER_MM = 12.0
STYLE = """
    h1 { font-size: 20pt; font-weight: 600; margin-bottom: 14px; }
    h2 { font-size: 13pt; font-weight: 600; margin-top: 18px; margin-bottom: 4px; }
    p { font-size: 10.5pt; margin-bottom: 8px; line-height: 135%; }
    td, th { font-size: 10pt; } th { text-align: left; font-weight: 600; }
"""


def main() -> None:
    """Write every made sample into the folder named, or into resources/samples."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "resources" / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The order of the embedded fonts follows Qt's hashes.
    os.environ["QT_HASH_SEED"] = "0"
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    application = QGuiApplication(sys.argv[:1])
    for font in sorted(FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFontFromData(font.read_bytes())
    for name in AS_PDF:
        write_pdf(TEXTS / f"{name}.html", folder / f"{name}.pdf")
    for name in AS_WORD:
        write_word(TEXTS / f"{name}.html", folder / f"{name}.docx")
    application.shutdown()


def write_pdf(source: Path, target: Path) -> None:
    """Set the text on A4 pages with a footer, fonts embedded."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

    markup = source.read_text(encoding="utf-8")
    writer = QPdfWriter(str(target))
    writer.setResolution(RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setTitle(_title(markup))
    writer.setCreator(FIRM)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(_text_font())
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(STYLE)
    document.setHtml(markup)
    painter = QPainter(writer)
    _print_pages(document, writer, painter)
    painter.end()
    target.write_bytes(_with_fixed_dates(target.read_bytes()))


def _text_font() -> Any:
    from PySide6.QtGui import QFont, QFontDatabase

    families = ("Inter", "Liberation Serif", "DejaVu Serif")
    known = set(QFontDatabase.families())
    font = QFont(next((family for family in families if family in known), families[-1]), 10)
    # Inter swaps hyphens for signs of its own between capitals, which no reader can name.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _print_pages(document: Any, writer: Any, painter: Any) -> None:
    from PySide6.QtCore import QRectF, QSizeF, Qt

    dots = RESOLUTION / 25.4
    margin, footer = MARGIN_MM * dots, FOOTER_MM * dots
    width, height = writer.width() - 2 * margin, writer.height() - 2 * margin
    document.setPageSize(QSizeF(width, height))
    count = document.pageCount()
    for page in range(count):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(margin, margin - page * height)
        document.drawContents(painter, QRectF(0, page * height, width, height - 2))
        painter.restore()
        font = _text_font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        strip = QRectF(margin, writer.height() - margin + footer / 2, width, footer)
        painter.drawText(strip, Qt.AlignmentFlag.AlignLeft, FIRM)
        painter.drawText(strip, Qt.AlignmentFlag.AlignRight, f"Page {page + 1} of {count}")


def _with_fixed_dates(data: bytes) -> bytes:
    """Replace what differs from run to run by values of the same length."""
    stamp = WRITTEN.strftime("%Y%m%d%H%M%S").encode()
    iso = WRITTEN.strftime("%Y-%m-%dT%H:%M:%S").encode()
    data = re.sub(rb"\(D:\d{14}", b"(D:" + stamp, data)
    data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", iso, data)
    data = re.sub(
        rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        b"00000000-0000-4000-8000-000000000000",
        data,
    )
    return re.sub(rb"/ID \[[^\]]*\]", lambda match: re.sub(rb"[0-9a-f]", b"0", match[0]), data)


def write_word(source: Path, target: Path) -> None:
    """Write the text with Word's own heading, list and table styles."""
    from docx import Document

    markup = source.read_text(encoding="utf-8")
    document = Document()
    for element in _blocks(markup):
        if element.tag in ("h1", "h2"):
            document.add_heading(element.text(), int(element.tag[1]))
        elif element.tag == "ul":
            for item in element.css("li"):
                document.add_paragraph(item.text(), style="List Bullet")
        elif element.tag == "table":
            _add_table(document, element)
        else:
            document.add_paragraph(element.text())
    document.sections[0].footer.paragraphs[0].text = FIRM
    properties = document.core_properties
    properties.title, properties.author = _title(markup), FIRM
    properties.created = properties.modified = WRITTEN.replace(tzinfo=None)
    document.save(str(target))
    _repack(target)


def _add_table(document: Any, element: Any) -> None:
    rows = [[cell.text() for cell in row.css("td, th")] for row in element.css("tr")]
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _blocks(markup: str) -> Iterator[Any]:
    body = LexborHTMLParser(markup).body
    node = body.child if body is not None else None
    while node is not None:
        if node.tag in ("h1", "h2", "p", "ul", "table"):
            yield node
        node = node.next


def _title(markup: str) -> str:
    heading = LexborHTMLParser(markup).css_first("h1")
    return heading.text() if heading is not None else ""


def _repack(target: Path) -> None:
    """Write the zip again with a fixed date on every member."""
    with zipfile.ZipFile(target) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, WRITTEN.timetuple()[:6]), data, 8)


if __name__ == "__main__":
    main()
