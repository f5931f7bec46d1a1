"""Excel workbooks: shown values, tables, titles, and nothing that a bomb could swell."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.documents.content import ReadPage
from desktop.documents.parts import PART_CHARACTERS
from desktop.documents.readers import office_package
from desktop.documents.readers.xlsx import read_xlsx
from desktop.domain.documents import BlockKind, DocumentFacts, Page, PageUnit
from desktop.domain.errors import ContentTooLarge, DamagedFile
from tests.unit.documents.made_office import (
    DRAWINGS,
    STRICT_RELATIONS,
    STRICT_SHEETS,
    relations,
    sheet,
    words,
    write_xlsx,
)
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of


def one_sheet(path: Path, rows: dict[int, str], after: str = "") -> Path:
    return write_xlsx(path, {"Sheet": sheet(rows, after)})


def test_a_workbook_says_what_it_is(tmp_path: Path) -> None:
    found = opened(one_sheet(tmp_path / "a.xlsx", {1: words("x")}))
    assert (found.title, found.unit) == ("Yearly figures", PageUnit.SHEET)
    assert found.facts == DocumentFacts(
        "Ann Example", "2021-02-03T04:05:06Z", "2022-03-04T05:06:07Z"
    )


def test_sheets_are_pages_of_their_names_and_hidden_ones_are_told(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"Sales": sheet({1: words("a")}), "Empty": sheet({}), "Rates": sheet({1: words("b")})},
        states={"Rates": "veryHidden"},
    )
    assert [(page.number, page.name, page.text) for page in pages_of(path)] == [
        (1, "Sales", "a"), (2, "Empty", ""), (3, "Rates", "b"),
    ]  # fmt: skip
    assert remarks_of(path) == ["Hidden sheets were read too: “Rates”."]


def test_values_are_shown_by_their_formats(tmp_path: Path) -> None:
    cells = (
        '<c r="A1" s="1"><v>45000</v></c><c r="B1" s="2"><v>0.256</v></c>'
        '<c r="C1" s="3"><v>-1234.5</v></c><c r="D1" t="b"><v>1</v></c>'
        '<c r="E1" t="e"><v>#DIV/0!</v></c><c r="F1" t="str"><f>A1</f><v>joined</v></c>'
        '<c r="G1"><f>1+1</f><v>2</v></c><c r="H1" t="d"><v>2023-03-15</v></c>'
    )
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"S": sheet({1: cells})},
        formats=["d mmm yyyy", "0.0%", '#,##0.00 "€";(#,##0.00 "€")'],
    )
    assert pages_of(path)[0].text == (
        "15 Mar 2023 | 25.6% | (1,234.50 €) | TRUE | #DIV/0! | joined | 2 | 45000"
    )


def test_shared_texts_keep_their_runs_and_lose_reading_aids(tmp_path: Path) -> None:
    strings = (
        'count="2" uniqueCount="2"><si><r><t>East </t></r><r><t>Asia</t></r></si>'
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si>"
    )
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": sheet({1: cells})}, strings=strings)
    assert pages_of(path)[0].text == "East Asia | 東京"
    assert remarks_of(path) == []


def test_missing_texts_and_lying_counters_are_told(tmp_path: Path) -> None:
    strings = 'count="8876876876876" uniqueCount="3"><si><t>one</t></si>'
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>7</v></c>'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": sheet({1: cells})}, strings=strings)
    assert pages_of(path)[0].text == "one"
    assert len(remarks_of(path)) == 2


def test_tables_are_parted_at_blank_rows_and_their_titles_are_headings(tmp_path: Path) -> None:
    rows = {
        1: words("Annual report"),
        2: words("Europe"),
        3: words("Year", "Sales"),
        4: words("2023", "15"),
        6: words("Asia"),
        7: words("Year", "Sales"),
        8: words("2023", "25"),
        10: words("All figures are in millions, rounded."),
    }
    path = one_sheet(tmp_path / "a.xlsx", rows)
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Annual report"),
        (BlockKind.HEADING, "Europe"),
        (BlockKind.TABLE, "Year | Sales\n2023 | 15"),
        (BlockKind.HEADING, "Asia"),
        (BlockKind.TABLE, "Year | Sales\n2023 | 25"),
        (BlockKind.PARAGRAPH, "All figures are in millions, rounded."),
    ]
    assert headings_over(path, "2023 | 25") == ("Annual report", "Asia")


def test_a_header_above_a_blank_row_belongs_to_the_figures_below_it(tmp_path: Path) -> None:
    rows = {1: words("Zone", "Sales", "Profit"), 3: words("North", "12,553", "(81)")}
    path = one_sheet(tmp_path / "a.xlsx", rows)
    assert blocks_of(path) == [(BlockKind.TABLE, "Zone | Sales | Profit\nNorth | 12,553 | (81)")]


def test_columns_stay_in_line_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    rows = {1: words("", "Item", "", "Limit"), 2: words("", "Hotel"), 3: words("", "", "", "120")}
    path = one_sheet(tmp_path / "a.xlsx", rows)
    assert pages_of(path)[0].text == "Item | Limit\nHotel\n | 120"


def test_the_last_cell_of_a_sheet_costs_no_more_than_the_first(tmp_path: Path) -> None:
    far = '<c r="XFD1048576" t="inlineStr"><is><t>corner</t></is></c>'
    path = one_sheet(tmp_path / "a.xlsx", {1: words("first words."), 1048576: far})
    assert pages_of(path)[0].text == "first words.\n\ncorner"


def test_rows_with_few_cells_far_apart_do_not_swell(tmp_path: Path) -> None:
    rows = {
        number: f'<c r="{chr(65 + number % 26)}{chr(65 + number // 26)}1"><v>{number}</v></c>'
        for number in range(1, 500)
    }
    assert len(pages_of(one_sheet(tmp_path / "a.xlsx", rows))[0].text) < 4_000


def test_a_long_sheet_goes_on_as_pages_of_its_name_and_repeats_nothing(tmp_path: Path) -> None:
    rows = {number: words(f"Item {number}", "x" * 90) for number in range(1, 1201)}
    pages = pages_of(one_sheet(tmp_path / "a.xlsx", rows))
    assert len(pages) == 3
    assert {page.name for page in pages} == {"Sheet"}
    assert all(len(page.text) <= PART_CHARACTERS for page in pages)
    lines = [line for page in pages for line in page.text.split("\n")]
    assert [line.split(" | ")[0] for line in lines] == [f"Item {n}" for n in range(1, 1201)]


def test_what_goes_on_from_an_earlier_page_stands_under_its_header(tmp_path: Path) -> None:
    rows = {number: words(f"Item {number}", "120") for number in range(3, 4000)}
    rows |= {1: words("Price list"), 2: words("Item", "Price"), 4001: words("x", "1")}
    path = one_sheet(tmp_path / "a.xlsx", dict(sorted(rows.items())))
    pages = pages_of(path)
    assert len(pages) == 2
    assert headings_over(path, "Item 3 |") == ("Price list",)
    assert headings_over(path, "Item 3999 |") == ("Price list", "Item | Price")
    assert headings_over(path, "x | 1") == ("Price list",)


def test_rows_are_not_kept_in_memory(tmp_path: Path) -> None:
    path = one_sheet(tmp_path / "a.xlsx", {n: words(f"Row {n}", "x" * 40) for n in range(1, 9001)})
    tracemalloc.start()
    lines = sum(page.text.count("\n") + 1 for page in iter_pages(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == 9000
    assert peak < 2_500_000


def iter_pages(path: Path) -> Iterator[Page]:
    return (event.page for event in read_xlsx(path) if isinstance(event, ReadPage))


def test_comments_boxes_and_running_lines_are_read(tmp_path: Path) -> None:
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            [("c", "comments", "../comments1.xml"), ("d", "drawing", "../drawings/drawing1.xml")]
        ),
        "xl/comments1.xml": '<comments xmlns="urn:x"><authors><author>Ann</author></authors>'
        '<commentList><comment ref="B2" authorId="0"><text><r><t>Ann:\n</t></r>'
        "<r><t>check this</t></r></text></comment></commentList></comments>",
        "xl/drawings/drawing1.xml": f'<wsDr xmlns="urn:y" xmlns:a="{DRAWINGS}"><txBody><a:p><a:r>'
        "<a:t>A boxed remark</a:t></a:r></a:p></txBody></wsDr>",
    }
    after = (
        '<headerFooter><oddHeader>&amp;C&amp;"Arial,Bold"&amp;12Confidential</oddHeader>'
        "<oddFooter>&amp;K000000Extract &amp;P of &amp;N</oddFooter></headerFooter>"
    )
    path = write_xlsx(
        tmp_path / "a.xlsx", {"S": sheet({1: words("Item", "Limit")}, after)}, more=more
    )
    assert blocks_of(path) == [
        (BlockKind.TABLE, "Item | Limit"),
        (BlockKind.HEADER, "Confidential"),
        (BlockKind.FOOTER, "Extract of"),
        (BlockKind.PARAGRAPH, "A boxed remark"),
        (BlockKind.PARAGRAPH, "Comment on B2, Ann: check this"),
    ]


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    path = one_sheet(tmp_path / "a.xlsx", {1: words("Sum") + '<c r="B1"><f>SUM(A1:A9)</f></c>'})
    assert remarks_of(path) == ["Formulas without a stored result: 1."]


def test_the_strict_dialect_is_read_too(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"Strict": sheet({1: words("Strict words")}, namespace=STRICT_SHEETS)},
        namespace=STRICT_SHEETS,
        roles=STRICT_RELATIONS,
    )
    assert pages_of(path)[0].text == "Strict words"


def test_entities_are_refused(tmp_path: Path) -> None:
    attack = '<!DOCTYPE x [<!ENTITY e "boom">]>' + sheet({1: words("x")})
    with pytest.raises(DamagedFile) as caught:
        pages_of(write_xlsx(tmp_path / "a.xlsx", {"S": attack}))
    assert "entities" in caught.value.reason


def test_a_sheet_that_unpacks_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_package, "_MOST_STREAM_BYTES", 1 << 20)
    rows = dict.fromkeys(range(1, 40), words("x" * 40_000))
    with pytest.raises(ContentTooLarge):
        pages_of(one_sheet(tmp_path / "a.xlsx", rows))


def test_a_sheet_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    broken = sheet({1: words("x")}).replace("</sheetData>", "")
    with pytest.raises(DamagedFile):
        pages_of(write_xlsx(tmp_path / "a.xlsx", {"S": broken}))
