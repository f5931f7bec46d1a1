"""Tables in PDFs: rows and columns as printed, and nothing else taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from desktop.domain.documents import BlockKind
from tests.unit.documents.made_files import Print, write_pdf
from tests.unit.documents.reading import blocks_of, pages_of

PROSE = "The parties agree that the work is done with care and in good time for the owner."
HALF = "This column is set as prose and fills its width."


def grid(rows: list[list[str]], lefts: list[float], top: float = 200) -> list[Print]:
    return [
        (lefts[column], top + 16 * number, 10, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]


def tables_of(tmp_path: Path, prints: list[Print]) -> list[str]:
    path = write_pdf(tmp_path / "a.pdf", [prints])
    return [text for kind, text in blocks_of(path) if kind is BlockKind.TABLE]


def test_empty_cells_keep_their_place(tmp_path: Path) -> None:
    rows = [
        ["", "2023", "2022", "2021"],
        ["Rent", "1,200", "", "900"],
        ["Heating", "", "310", "290"],
        ["Sum", "1,200", "310", "1,190"],
    ]
    (table,) = tables_of(tmp_path, grid(rows, [72, 250, 340, 430]))
    assert table.split("\n") == ["\t".join(row) for row in rows]


def test_a_currency_sign_stays_with_its_figure(tmp_path: Path) -> None:
    rows = [["Sales", "$", "35,345", "$", "31,657"], ["Costs", "$", "9,120", "$", "8,450"]]
    (table,) = tables_of(tmp_path, grid(rows, [72, 250, 290, 380, 420]))
    assert table == "Sales\t$ 35,345\t$ 31,657\nCosts\t$ 9,120\t$ 8,450"


def test_labels_between_rows_belong_to_the_table(tmp_path: Path) -> None:
    rows = [["Item", "Cost"], ["Board", "4.20"], ["Coverings"], ["Cloth", "7.90"], ["Hide", "31.0"]]
    (table,) = tables_of(tmp_path, grid(rows, [72, 300]))
    assert table.split("\n")[2] == "Coverings"


def test_a_header_well_above_its_rows_belongs_to_them(tmp_path: Path) -> None:
    header = grid([["Name", "Born", "Died"]], [72, 250, 400], top=160)
    rows = [["Ada", "1815", "1852"], ["Mary", "1780", "1872"], ["Emmy", "1882", "1935"]]
    (table,) = tables_of(tmp_path, header + grid(rows, [72, 250, 400], top=205))
    assert table.startswith("Name\tBorn\tDied\n")


def test_numbered_clauses_are_no_table(tmp_path: Path) -> None:
    rows = [["(a)", PROSE], ["(b)", PROSE], ["(c)", PROSE]]
    assert tables_of(tmp_path, grid(rows, [72, 110])) == []


def test_justified_prose_is_no_table(tmp_path: Path) -> None:
    lines: list[Print] = [
        (72, 200, 10, "The   parties agree"), (250, 200, 10, "that the work is done."),
        (72, 212, 10, "It is done with care and in"), (290, 212, 10, "good time, they agree."),
        (72, 224, 10, "For the owner has"), (230, 224, 10, "asked for nothing less than it."),
    ]  # fmt: skip
    assert tables_of(tmp_path, lines) == []


def test_columns_of_prose_written_line_by_line_are_read_one_after_the_other(
    tmp_path: Path,
) -> None:
    rows = [[f"{HALF} L{number}", f"{HALF} R{number}"] for number in range(6)]
    path = write_pdf(tmp_path / "a.pdf", [grid(rows, [72, 330])])
    (page,) = pages_of(path)
    assert page.text.index("L5") < page.text.index("R0")
    assert BlockKind.TABLE not in {block.kind for block in page.blocks}


def test_each_row_is_a_line_with_its_box(tmp_path: Path) -> None:
    rows = [["Cloth", "42.00", "58.00"], ["Hide", "185.00", "240.00"]]
    path = write_pdf(tmp_path / "a.pdf", [grid(rows, [72, 250, 400])])
    (page,) = pages_of(path)
    assert [page.text[line.start : line.end] for line in page.lines] == page.text.split("\n")
    assert page.lines[0].box.left < 80
    assert page.lines[0].box.right > 400


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_table_printed_on_its_side_is_read_upright_and_marked_where_it_lies(
    tmp_path: Path, degrees: int
) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.translate(300, 400)
    canvas.rotate(degrees)
    for row in range(5):
        for column, cell in enumerate((f"Volume {row}", f"{row + 1},200", f"{row + 3},450")):
            canvas.drawString(-200 + 150 * column, -20 * row, cell)
    canvas.save()
    (page,) = pages_of(path)
    assert page.text.split("\n")[:2] == ["Volume 0\t1,200\t3,450", "Volume 1\t2,200\t4,450"]
    assert (round(page.width), round(page.height)) == (595, 842)
    first, last = page.lines[0].box, page.lines[-1].box
    assert first.bottom - first.top > 300
    assert first.right - first.left < 20
    assert (first.left < last.left) == (degrees == 90)
