"""OpenDocument texts, sheets and slides."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.documents import BlockKind, DocumentFacts, PageUnit
from desktop.domain.errors import DamagedFile, PasswordNeeded
from tests.unit.documents.made_office import write_odf
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell{more}>{p(text) if text else ''}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def frame(text: str, more: str = "") -> str:
    return f"<draw:frame{more}><draw:text-box>{p(text)}</draw:text-box></draw:frame>"


def test_a_text_keeps_headings_lists_tables_notes_and_comments(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Title"/>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" '
        'style:num-format="1"/></text:list-style>'
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        f"{p('A note.')}</text:note-body></text:note>"
    )
    comment = f"<office:annotation><dc:creator>Ann</dc:creator>{p('Check.')}</office:annotation>"
    body = (
        p("Travel policy", "P1")
        + '<text:h text:outline-level="1">Limits</text:h>'
        + p(f"Receipts<text:s text:c='2'/>are<text:tab/>kept{note}.{comment}")
        + '<text:list text:style-name="L1"><text:list-item>'
        + p("By rail")
        + f"<text:list><text:list-item>{p('at night')}</text:list-item></text:list>"
        + f"</text:list-item><text:list-item>{p('By car')}</text:list-item></text:list>"
        + "<table:table><table:table-header-rows>"
        + row(cell("Item"), cell("Limit"))
        + "</table:table-header-rows>"
        + row(cell("Hotel"), cell("120"))
        + "</table:table>"
        + p(frame("Boxed words"))
        + "<text:tracked-changes>"
        + p("deleted words")
        + "</text:tracked-changes>"
    )
    path = write_odf(tmp_path / "a.odt", "text", body, styles)
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Travel policy"),
        (BlockKind.HEADING, "Limits"),
        (BlockKind.PARAGRAPH, "Receipts are kept."),
        (BlockKind.PARAGRAPH, "A note."),
        (BlockKind.PARAGRAPH, "Ann: Check."),
        (BlockKind.LIST, "1. By rail\n  - at night\n2. By car"),
        (BlockKind.TABLE, "Item | Limit\nHotel | 120"),
        (BlockKind.PARAGRAPH, "Boxed words"),
    ]
    assert headings_over(path, "Hotel") == ("Travel policy", "Limits")


def test_a_text_says_what_it_is(tmp_path: Path) -> None:
    found = opened(write_odf(tmp_path / "a.odt", "text", p("x")))
    assert (found.title, found.unit) == ("Yearly figures", PageUnit.PART)
    assert found.facts == DocumentFacts(
        "Ann Example", "2021-02-03T04:05:06", "2022-03-04T05:06:07Z"
    )


def test_headers_and_footers_of_a_text_are_blocks_of_their_own(tmp_path: Path) -> None:
    running = (
        "<root><style:master-page><style:header><text:p>The firm</text:p></style:header>"
        "<style:footer><text:p>Page</text:p></style:footer></style:master-page></root>"
    )
    path = write_odf(tmp_path / "a.odt", "text", p("words"), more={"styles.xml": running})
    assert blocks_of(path) == [
        (BlockKind.HEADER, "The firm"), (BlockKind.PARAGRAPH, "words"), (BlockKind.FOOTER, "Page"),
    ]  # fmt: skip


def test_a_table_in_a_table_is_read_once(tmp_path: Path) -> None:
    inner = f"<table:table>{row(cell('a'), cell('b'))}</table:table>"
    outer = row(cell("left"), f"<table:table-cell>{p('right')}{inner}</table:table-cell>")
    path = write_odf(tmp_path / "a.odt", "text", f"<table:table>{outer}</table:table>")
    assert blocks_of(path) == [(BlockKind.TABLE, "left | right"), (BlockKind.TABLE, "a | b")]


def test_sheets_show_what_their_cells_show(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="t2" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    comment = f"<office:annotation><dc:creator>Ann</dc:creator>{p('Check.')}</office:annotation>"
    body = (
        '<table:table table:name="Rates"><table:shapes>'
        + frame("A boxed remark")
        + "</table:shapes>"
        + row(cell("Rates of 2023"))
        + row(cell("Item"), cell(""), cell("Rate"))
        + row(
            cell("Hotel"),
            cell(""),
            f'<table:table-cell office:value="0.25">{comment}{p("25 %")}</table:table-cell>',
        )
        + row(cell("", ' table:number-columns-repeated="1024"'),
              more=' table:number-rows-repeated="1048570"')
        + '</table:table><table:table table:name="Old" table:style-name="t2">'
        + row('<table:table-cell office:value-type="float" office:value="7"/>')
        + "</table:table>"
    )  # fmt: skip
    path = write_odf(tmp_path / "a.ods", "spreadsheet", body, styles)
    assert [(page.name, page.text) for page in pages_of(path)] == [
        (
            "Rates",
            "Rates of 2023\n\nItem | Rate\nHotel | 25 %\n\nA boxed remark\n\n"
            "Comment on C3, Ann: Check.",
        ),
        ("Old", "7"),
    ]
    assert headings_over(path, "Hotel") == ("Rates of 2023",)
    assert remarks_of(path) == ["Hidden sheets were read too: “Old”."]


def test_repeated_rows_and_cells_do_not_swell(tmp_path: Path) -> None:
    many = ' table:number-columns-repeated="16384"'
    body = (
        '<table:table table:name="S">'
        + row(cell("x", many), more=' table:number-rows-repeated="1048576"')
        + "</table:table>"
    )
    pages = pages_of(write_odf(tmp_path / "a.ods", "spreadsheet", body))
    assert 1 <= sum(len(page.text) for page in pages) < 5_000_000


def test_slides_have_titles_lists_tables_charts_and_notes(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="dp2" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    chart = (
        "<root><chart:chart><chart:title><text:p>Share</text:p></chart:title><table:table>"
        + row(cell(""), cell("North"))
        + row(cell("2023"), cell("25"))
        + "</table:table></chart:chart></root>"
    )
    body = (
        "<draw:page>"
        + frame("Our plan", ' presentation:class="title"')
        + "<draw:g><draw:custom-shape>"
        + p("A drawn box")
        + "</draw:custom-shape></draw:g>"
        + '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
        + "<presentation:notes>"
        + frame("Say thanks", ' presentation:class="notes"')
        + '</presentation:notes></draw:page><draw:page draw:style-name="dp2">'
        + frame("Later")
        + "</draw:page>"
    )
    path = write_odf(
        tmp_path / "a.odp", "presentation", body, styles, {"Object 1/content.xml": chart}
    )
    assert opened(path).page_count == 2
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Our plan"),
        (BlockKind.PARAGRAPH, "A drawn box"),
        (BlockKind.CAPTION, "Share"),
        (BlockKind.TABLE, " | North\n2023 | 25"),
        (BlockKind.PARAGRAPH, "Say thanks"),
        (BlockKind.PARAGRAPH, "Later"),
    ]
    assert headings_over(path, "Say thanks") == ("Our plan", "Notes")
    assert remarks_of(path) == ["Hidden slides were read too: 2."]


def test_an_encrypted_package_asks_for_its_password(tmp_path: Path) -> None:
    manifest = "<root><encryption-data/></root>"
    path = write_odf(tmp_path / "a.odt", "text", p("x"), more={"META-INF/manifest.xml": manifest})
    with pytest.raises(PasswordNeeded):
        pages_of(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = write_odf(tmp_path / "a.odt", "text", p("x"))
    attack = '<!DOCTYPE x [<!ENTITY e "boom">]><office:document-content/>'
    write_odf(path, "text", p("x"), more={"content.xml": attack})
    with pytest.raises(DamagedFile):
        pages_of(path)
