"""PDF: text in reading order, structure, and boxes where the page shows the words."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from desktop.documents.readers import pdf as pdf_reader
from desktop.domain.documents import BlockKind, Box, Page
from desktop.domain.errors import ContentTooLarge, DamagedFile, NoPages, PasswordNeeded
from tests.unit.documents.made_files import (
    HEIGHT,
    Print,
    encrypted,
    turned,
    write_pdf,
)
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of

FILLER = "The parties agree that the work is done with care and in good time for the owner."


def paragraph(top: float, lines: int, left: float = 72, size: float = 10) -> list[Print]:
    return [(left, top + 12 * number, size, FILLER) for number in range(lines)]


def test_every_line_is_the_span_of_the_page_that_it_names(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 18, "Title"), *paragraph(120, 3)]])
    (page,) = pages_of(path)
    spans = [page.text[line.start : line.end] for line in page.lines]
    assert spans == ["Title", FILLER, FILLER, FILLER]


def test_lines_of_a_paragraph_run_on_and_paragraphs_stand_apart(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[*paragraph(100, 2), *paragraph(150, 2)]])
    (page,) = pages_of(path)
    assert page.text == f"{FILLER} {FILLER}\n\n{FILLER} {FILLER}"
    assert [block.kind for block in page.blocks] == [BlockKind.PARAGRAPH] * 2


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_boxes_lie_on_the_page_as_it_is_shown(tmp_path: Path, degrees: int) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(200, 300, 12, "Marked words")]])
    turned(path, degrees, (50, 40, 500, 800))
    (page,) = pages_of(path)
    shown = shown_place(path, 200, HEIGHT - 300 - 12)
    box = page.lines[0].box
    assert (page.width, page.height) == ((450, 760) if degrees % 180 == 0 else (760, 450))
    assert near(box, *shown), (box, shown)


def shown_place(path: Path, x: float, y: float) -> tuple[float, float]:
    """Where pdfium itself puts a point of the file on the displayed page."""
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    width, height = page.get_size()
    left, top = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(
        page.raw, 0, 0, round(width * 100), round(height * 100), 0, x, y, left, top
    )
    document.close()
    return left.value / 100, top.value / 100


def near(box: Box, x: float, y: float) -> bool:
    """The baseline's start lies in the box, at one of its ends."""
    return box.left - 1 <= x <= box.right + 1 and box.top - 1 <= y <= box.bottom + 1


def test_headings_are_found_by_size_and_carried_across_pages(tmp_path: Path) -> None:
    first = [(72, 72, 20, "Supply Agreement"), (72, 110, 14, "1. Delivery"), *paragraph(140, 4)]
    second = paragraph(100, 3) + [(72, 200, 14, "2. Payment"), (72, 230, 10, "Thirty days.")]
    path = write_pdf(tmp_path / "a.pdf", [first, second])
    pages = pages_of(path)
    assert pages[1].blocks[0].heading_path == ("Supply Agreement", "1. Delivery")
    assert headings_over(path, "Thirty days.") == ("Supply Agreement", "2. Payment")


def test_the_outline_says_what_is_a_heading_and_of_which_level(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for level, title in enumerate(["Scope", "Limits"]):
        canvas.bookmarkPage(title)
        canvas.addOutlineEntry(title, title, level)
    for number, text in enumerate(["Scope", FILLER, "Limits", "Nothing more."]):
        canvas.drawString(72, 700 - 40 * number, text)
    canvas.save()
    assert headings_over(path, "Nothing more.") == ("Scope", "Limits")


def test_running_lines_and_page_numbers_are_headers_and_footers(tmp_path: Path) -> None:
    sheets = [
        [
            (72, 30, 9, "Harrow Quay Estates, annual report"),
            *paragraph(120, 5),
            (300, 800, 9, f"Page {number} of 4"),
        ]
        for number in range(1, 5)
    ]
    for page in pages_of(write_pdf(tmp_path / "a.pdf", sheets)):
        kinds = [block.kind for block in page.blocks]
        assert kinds == [BlockKind.HEADER, BlockKind.PARAGRAPH, BlockKind.FOOTER]
        assert page.blocks[0].heading_path == ()


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [(72, 100 + 12 * n, 10, f"left column line {n}") for n in range(6)]
    right = [(330, 100 + 12 * n, 10, f"right column line {n}") for n in range(6)]
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [[*left, *right]]))
    assert page.text.index("left column line 5") < page.text.index("right column line 0")


def test_text_written_out_of_order_is_put_in_order(tmp_path: Path) -> None:
    last, first = paragraph(400, 3), [(72, 150, 10, "This stands at the top of the page.")]
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [[*last, *first]]))
    assert page.text.startswith("This stands at the top")


def test_a_table_keeps_its_rows_and_cells(tmp_path: Path) -> None:
    rows = [("Binding", "A5", "A4"), ("Cloth", "42.00", "58.00"), ("Leather", "185.00", "240.00")]
    prints = [
        (72 + 150 * column, 200 + 18 * row, 10, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    path = write_pdf(tmp_path / "a.pdf", [[*paragraph(100, 3), *prints]])
    tables = [text for kind, text in blocks_of(path) if kind is BlockKind.TABLE]
    assert tables == ["\n".join("\t".join(row) for row in rows)]


def test_lists_keep_one_item_a_line(tmp_path: Path) -> None:
    items = [(80, 200 + 13 * n, 10, f"• item number {n} of the list") for n in range(3)]
    path = write_pdf(tmp_path / "a.pdf", [[*paragraph(100, 3), *items]])
    lists = [text for kind, text in blocks_of(path) if kind is BlockKind.LIST]
    assert lists == ["\n".join(f"• item number {n} of the list" for n in range(3))]


def test_a_word_broken_at_the_line_end_is_one_word_again(tmp_path: Path) -> None:
    lines = [(72, 100, 10, "The firm binds theses, books and maga-"), (72, 112, 10, "zines well.")]
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [lines]))
    assert page.text == "The firm binds theses, books and magazines well."
    assert page.text[page.lines[1].start : page.lines[1].end] == "zines well."


def test_a_hyphen_that_belongs_to_the_word_stays(tmp_path: Path) -> None:
    lines = [
        (72, 100, 10, "A long-term lease is a lease on a long-"),
        (72, 112, 10, "term basis."),
    ]
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [lines]))
    assert page.text.endswith("on a long-term basis.")


def test_what_lies_outside_the_page_is_not_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 100, 10, "Seen"), (72, 2000, 10, "Unseen")]])
    assert [page.text for page in pages_of(path)] == ["Seen"]


def test_words_printed_twice_in_one_place_are_read_once(tmp_path: Path) -> None:
    prints = [(72.0, 100.0, 10.0, "Fake bold"), (72.4, 100.0, 10.0, "Fake bold")]
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [prints]))
    assert page.text.count("Fake bold") == 1


def test_what_was_filled_into_a_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "Name of the applicant")
    canvas.acroForm.textfield(name="n", value="Ewa Kowalska", x=72, y=650, width=200)
    canvas.save()
    assert "Ewa Kowalska" in pages_of(path)[0].text


@pytest.mark.parametrize(
    ("given", "title"),
    [("Lease of 2024", "Lease of 2024"), ("untitled", "a"), ("Microsoft Word - x.doc", "a")],
)
def test_a_makeshift_title_gives_way_to_the_file_name(
    tmp_path: Path, given: str, title: str
) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, "Hello")]], given)
    assert opened(path).title == title


def test_a_password_is_asked_for_only_where_one_is_needed(tmp_path: Path) -> None:
    locked = write_pdf(tmp_path / "locked.pdf", [[(72, 72, 12, "Secret")]])
    with pytest.raises(PasswordNeeded):
        pages_of(encrypted(locked, "open", "own"))
    restricted = write_pdf(tmp_path / "restricted.pdf", [[(72, 72, 12, "Readable")]])
    assert pages_of(encrypted(restricted, "", "own"))[0].text == "Readable"


def test_a_pdf_without_pages_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    PdfWriter().write(path)
    with pytest.raises(NoPages):
        pages_of(path)


def test_half_a_pdf_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    with pytest.raises(DamagedFile):
        pages_of(path)


def test_a_repaired_pdf_is_marked(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, "Still here")]])
    whole = path.read_bytes()
    assert remarks_of(path) == []
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n5", whole))
    assert pages_of(path)[0].text == "Still here"
    assert "repaired" in remarks_of(path)[0]


def test_too_many_pages_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_reader, "MOST_PAGES", 2)
    with pytest.raises(ContentTooLarge):
        pages_of(write_pdf(tmp_path / "a.pdf", [paragraph(100, 1)] * 3))


def test_pages_are_numbered_and_sized(tmp_path: Path) -> None:
    pages = pages_of(write_pdf(tmp_path / "a.pdf", [paragraph(100, 1)] * 3))
    assert [page.number for page in pages] == [1, 2, 3]
    assert {(round(page.width), round(page.height)) for page in pages} == {(595, 842)}
    assert all(inside(page) for page in pages)


def inside(page: Page) -> bool:
    return all(
        0 <= line.box.left < line.box.right <= page.width
        and 0 <= line.box.top < line.box.bottom <= page.height
        for line in page.lines
    )
