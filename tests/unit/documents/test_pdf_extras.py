"""PDF beyond the printed text: fields, comments, attachments, facts, passwords and damage."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Text
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from desktop.documents.content import ReadPage
from desktop.documents.reader_child import read_file
from desktop.documents.readers.garble import is_garbled
from desktop.documents.readers.pdf_attachments import inner_file
from desktop.domain.documents import BlockKind, InnerFile
from desktop.domain.errors import FileMissing, PasswordNeeded
from tests.support.shared_data import shared_data
from tests.unit.documents.made_files import encrypted, write_pdf
from tests.unit.documents.reading import blocks_of, opened, pages_of, remarks_of

WORDS = "The parties agree that the work is done with care and in good time for the owner."


def inner_files(path: Path) -> list[InnerFile]:
    return [event for event in read_file(path) if isinstance(event, InnerFile)]


def test_filled_fields_are_listed_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "Application")
    form = canvas.acroForm
    form.textfield(name="applicant", tooltip="Name of the applicant", value="Ewa", x=72, y=650)
    form.textfield(name="town", value="Lund", x=72, y=600)
    form.textfield(name="f1_02", value="7", x=72, y=550)
    form.textfield(name="unanswered", x=72, y=500)
    canvas.save()
    lists = [text for kind, text in blocks_of(path) if kind is BlockKind.LIST]
    assert lists == ["Name of the applicant: Ewa\ntown: Lund"]


def test_comments_come_after_the_page_with_their_author_and_place(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 100, 10, WORDS)]])
    writer = PdfWriter(clone_from=path)
    note = Text(text="Who is the owner?", rect=(300, 600, 320, 620), title_bar="Ewa")
    writer.add_annotation(0, note)
    writer.add_annotation(0, FreeText(text="See annex", rect=(50, 50, 200, 80)))
    writer.write(path)
    (page,) = pages_of(path)
    assert page.text.startswith(WORDS)
    block = next(block for block in page.blocks if "Comment by Ewa" in page.text[block.start :])
    assert "Comment by Ewa: Who is the owner?" in page.text
    assert "See annex" in page.text
    assert block.box is not None


def test_attachments_are_inner_files_with_names_of_their_own(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 100, 10, WORDS)]])
    writer = PdfWriter(clone_from=path)
    writer.add_attachment("notes.txt", b"first")
    writer.add_attachment("../up/sum.csv", b"a,b\n1,2\n")
    writer.write(path)
    assert {file.name for file in inner_files(path)} == {"notes.txt", "sum.csv"}
    assert inner_file(path, "notes.txt") == b"first"
    with pytest.raises(FileMissing):
        inner_file(path, "absent.txt")


def test_a_file_pinned_to_a_page_is_read_as_a_document() -> None:
    path = shared_data("documents", "pdf", "attachment.pdf")
    assert [file.name for file in inner_files(path)] == ["jpeg.pdf"]
    events = list(read_file(path, inside=("jpeg.pdf",)))
    assert any(isinstance(event, ReadPage) for event in events)


def test_author_and_dates_are_facts(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 100, 10, WORDS)]])
    writer = PdfWriter(clone_from=path)
    writer.add_metadata(
        {"/Author": "E. Kowalska", "/CreationDate": "D:20240531093000+02'00'", "/ModDate": "D:2025"}
    )
    writer.write(path)
    facts = opened(path).facts
    assert facts.author == "E. Kowalska"
    assert facts.created == "2024-05-31T09:30:00+02:00"
    assert facts.modified == "2025"


def test_passwords_are_tried_in_order(tmp_path: Path) -> None:
    path = encrypted(write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, "Secret")]]), "open", "own")
    events = list(read_file(path, passwords=["wrong", "open"]))
    assert [event.page.text for event in events if isinstance(event, ReadPage)] == ["Secret"]
    with pytest.raises(PasswordNeeded):
        list(read_file(path, passwords=["wrong"]))


def test_damage_inside_a_stream_is_remarked(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    writer = PdfWriter(
        clone_from=write_pdf(path, [[(72, 100 + 12 * n, 10, WORDS) for n in range(9)]])
    )
    for page in writer.pages:
        page.compress_content_streams()
    writer.write(path)
    assert remarks_of(path) == []
    data = bytearray(path.read_bytes())
    place = [found.end() for found in re.finditer(rb"stream\r?\n", data)][0]
    data[place + 60] ^= 0xFF
    path.write_bytes(data)
    assert any("damaged" in remark for remark in remarks_of(path))


def test_ornaments_do_not_make_a_page_garbled() -> None:
    assert not is_garbled("❚❘❙" * 60 + " PUZZLES")
    assert is_garbled("\ue001\ue002\ue003 \ue004\ue005" * 20)


def test_a_lone_page_number_further_in_is_a_footer(tmp_path: Path) -> None:
    lines = [(72.0, 100.0 + 12 * number, 10.0, WORDS) for number in range(5)]
    path = write_pdf(tmp_path / "a.pdf", [[*lines, (300, 735, 10, "58")]])
    assert blocks_of(path)[-1] == (BlockKind.FOOTER, "58")
