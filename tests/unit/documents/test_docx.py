"""Word documents: structure from the parts, and nothing followed or unpacked beyond limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from desktop.documents.readers import office_package
from desktop.domain.documents import BlockKind
from desktop.domain.errors import ContentTooLarge, DamagedFile
from tests.unit.documents.made_files import write_plain_docx
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORDS = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def body(inner: str, namespace: str = WORDS) -> bytes:
    return f'<w:document xmlns:w="{namespace}"><w:body>{inner}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_lists_tables_and_running_lines_are_kept(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Travel Policy", 0)
    document.add_heading("Limits", 1)
    document.add_paragraph("Receipts are kept.")
    document.add_paragraph("By rail", style="List Bullet")
    document.add_paragraph("By car", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Item", "Limit", "Hotel", "120"], strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "The firm"
    document.core_properties.title = "Policy for travellers"
    document.save(str(tmp_path / "a.docx"))
    path = tmp_path / "a.docx"
    assert blocks_of(path) == [
        (BlockKind.HEADER, "The firm"),
        (BlockKind.HEADING, "Travel Policy"),
        (BlockKind.HEADING, "Limits"),
        (BlockKind.PARAGRAPH, "Receipts are kept."),
        (BlockKind.LIST, "- By rail\n- By car"),
        (BlockKind.TABLE, "Item | Limit\nHotel | 120"),
    ]
    assert headings_over(path, "Hotel | 120") == ("Travel Policy", "Limits")
    assert opened(path).title == "Policy for travellers"


def test_numbers_are_counted_as_word_shows_them(tmp_path: Path) -> None:
    document = Document()
    for text in ("First", "Second"):
        document.add_paragraph(text, style="List Number")
    document.save(str(tmp_path / "a.docx"))
    assert blocks_of(tmp_path / "a.docx") == [(BlockKind.LIST, "1. First\n2. Second")]


def test_a_bold_line_of_its_own_is_a_heading(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph().add_run("Governing law").bold = True
    document.add_paragraph("The law of England applies.")
    document.save(str(tmp_path / "a.docx"))
    assert headings_over(tmp_path / "a.docx", "England") == ("Governing law",)


def test_the_strict_dialect_is_read_too(tmp_path: Path) -> None:
    path = write_plain_docx(tmp_path / "a.docx", body(paragraph("Strict words"), STRICT_WORDS))
    assert pages_of(path)[0].text == "Strict words"


def test_deleted_text_is_gone_and_inserted_text_is_there(tmp_path: Path) -> None:
    changed = (
        "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:t> words</w:t></w:r></w:p>"
    )
    path = write_plain_docx(tmp_path / "a.docx", body(changed))
    assert pages_of(path)[0].text == "new words"


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    mark_up = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{paragraph('Boxed words')}</w:txbxContent>"
    inner = (
        f'<w:p xmlns:mc="{mark_up}"><w:r><w:t>Outside</w:t><mc:AlternateContent>'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    path = write_plain_docx(tmp_path / "a.docx", body(inner))
    assert pages_of(path)[0].text == "Outside\n\nBoxed words"


def test_a_table_of_contents_is_a_list_and_heads_nothing(tmp_path: Path) -> None:
    document = Document()
    for name, text in (("toc 1", "One\t1"), ("toc 2", "Inner\t2")):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph(style=style).add_run(text).bold = True
    document.add_heading("One", 1)
    document.save(str(tmp_path / "a.docx"))
    assert blocks_of(tmp_path / "a.docx") == [
        (BlockKind.LIST, "One 1\n  Inner 2"),
        (BlockKind.HEADING, "One"),
    ]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_cells_over_several_columns_leave_the_others_empty(tmp_path: Path) -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = [
        f"<w:tr>{cell('Kind')}{cell('Cloth')}{cell('Paper')}</w:tr>",
        f"<w:tr>{cell('All', wide)}{cell('7')}</w:tr>",
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("4")}{cell("3")}</w:tr>',
    ]
    path = write_plain_docx(tmp_path / "a.docx", body(f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert blocks_of(path) == [(BlockKind.TABLE, "Kind | Cloth | Paper\nAll |  | 7\n | 4 | 3")]


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (f"<m:sSup><m:e>{run('r')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "r^2"),
        (f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:rad><m:deg/><m:e>{run('n+1')}</m:e></m:rad>", "√(n+1)"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("k=1")}</m:sub>'
            f"<m:sup>{run('n')}</m:sup><m:e>{run('k')}</m:e></m:nary>",
            "∑_(k=1)^n k",
        ),
        (
            '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>'
            f"<m:e>{run('x')}</m:e></m:d>",
            "[x]",
        ),
    ],
)
def test_formulas_are_written_as_people_type_them(tmp_path: Path, formula: str, text: str) -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    inner = f"<w:p><w:r><w:t>Area </w:t></w:r><m:oMath {math}>{formula}</m:oMath></w:p>"
    path = write_plain_docx(tmp_path / "a.docx", body(inner))
    assert pages_of(path)[0].text == f"Area {text}"


def test_entities_are_refused(tmp_path: Path) -> None:
    attack = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + body(paragraph("&e;"))
    with pytest.raises(DamagedFile) as caught:
        pages_of(write_plain_docx(tmp_path / "a.docx", attack))
    assert "entities" in caught.value.reason


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_package, "_MOST_PART_BYTES", 1 << 20)
    path = write_plain_docx(tmp_path / "a.docx", body(paragraph("x" * (2 << 20))))
    assert path.stat().st_size < 20_000
    with pytest.raises(ContentTooLarge):
        pages_of(path)


def test_a_cut_file_is_damaged(tmp_path: Path) -> None:
    path = write_plain_docx(tmp_path / "a.docx", body(paragraph("words")))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DamagedFile):
        pages_of(path)


def test_broken_xml_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        pages_of(write_plain_docx(tmp_path / "a.docx", body("<w:p><w:t>words</w:p>")))
