"""CSV and TSV: rows and cells as they stand, whatever parts them and however large the file."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from desktop.documents.content import Opened, ReadPage, Remark
from desktop.documents.parts import PART_CHARACTERS
from desktop.documents.readers.csv_table import read_csv
from desktop.domain.documents import BlockKind, Page
from tests.unit.documents.reading import text_of


def pages(path: Path) -> list[Page]:
    return [event.page for event in read_csv(path) if isinstance(event, ReadPage)]


def tables(path: Path) -> list[str]:
    return [
        text_of(page, block)
        for page in pages(path)
        for block in page.blocks
        if block.kind is BlockKind.TABLE
    ]


def remarks(path: Path) -> list[str]:
    return [event.text for event in read_csv(path) if isinstance(event, Remark)]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_cells_are_told_apart_by_any_delimiter_in_any_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [["Größe", "Preis"], ["Maß A", "1.234"], ["Maß B", "7"]]
    text = "\r\n".join(map(delimiter.join, rows))
    path = written(tmp_path / "a.csv", text, encoding)
    assert tables(path) == ["Größe | Preis\nMaß A | 1.234\nMaß B | 7"]


def test_figures_with_commas_do_not_part_cells_where_semicolons_do(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Year;Costs;\n2022;-123,50;\n2023;-814,38;\n")
    assert tables(path) == ["Year | Costs\n2022 | -123,50\n2023 | -814,38"]


def test_the_delimiter_that_a_spreadsheet_names_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sep=~\nA~B\n1,2~3,4\n")
    assert tables(path) == ["A | B\n1,2 | 3,4"]


def test_a_title_above_the_header_is_a_caption(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Stanley Cups,,\nTeam,Place,Cups\nBlues,STL,1\n")
    (page,) = pages(path)
    assert [(block.kind, text_of(page, block)) for block in page.blocks] == [
        (BlockKind.CAPTION, "Stanley Cups"),
        (BlockKind.TABLE, "Team | Place | Cups\nBlues | STL | 1"),
    ]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'A,B\n"one, ""two""\nthree",4\n,6\n')
    assert tables(path) == ['A | B\none, "two" three | 4\n | 6']
    assert remarks(path) == []


@pytest.mark.parametrize("rows", [3, 2_000])
def test_rows_behind_a_quote_that_never_closes_stay_rows(tmp_path: Path, rows: int) -> None:
    text = 'A,B\n"open,1\n' + "".join(f"row {number},{number}\n" for number in range(rows))
    path = written(tmp_path / "a.csv", text)
    lines = "\n".join(tables(path)).split("\n")
    assert lines[:3] == ["A | B", '"open | 1', "row 0 | 0"]
    assert lines[-1] == f"row {rows - 1} | {rows - 1}"
    assert "never closed" in remarks(path)[0]


def test_every_part_is_one_table_under_the_header(tmp_path: Path) -> None:
    rows = [f"{number},customer {number % 97},{number * 7}" for number in range(9_000)]
    path = written(tmp_path / "a.csv", "\n".join(["Number,Name,Amount", *rows]))
    found = pages(path)
    assert len(found) > 3
    assert [page.number for page in found] == list(range(1, len(found) + 1))
    for page in found:
        assert [block.kind for block in page.blocks] == [BlockKind.TABLE]
        assert page.text.startswith("Number | Name | Amount\n")
        assert page.text.count("Number | Name") == 1
        assert len(page.text) <= PART_CHARACTERS
    lines = [line for page in found for line in page.text.split("\n")[1:]]
    assert lines == [row.replace(",", " | ") for row in rows]


def test_a_first_row_of_figures_is_no_header(tmp_path: Path) -> None:
    row = ",".join(map(str, range(300)))
    found = pages(written(tmp_path / "a.csv", "\n".join([row] * 100)))
    assert len(found) > 1
    assert sum(page.text.count("\n") + 1 for page in found) == 100


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Number,Words\n")
        file.writelines(f"{number},{'some words ' * 40}\n" for number in range(50_000))
    assert path.stat().st_size > 20_000_000
    tracemalloc.start()
    try:
        events = sum(1 for _ in read_csv(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert events > 100
    assert peak < 12_000_000


def test_its_name_is_its_title(tmp_path: Path) -> None:
    event = next(iter(read_csv(written(tmp_path / "ledger.csv", "a,b\n"))))
    assert isinstance(event, Opened)
    assert event.title == "ledger"
