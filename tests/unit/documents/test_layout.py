"""Reading order, running lines, heading ranks and the signs of garbled text."""

from __future__ import annotations

import pytest

from desktop.documents.layout.headings import HeadingStyle, HeadingTrail, numbering_depth
from desktop.documents.layout.lines import PrintedLine, PrintedPage, joined_fragments
from desktop.documents.layout.margins import running_lines
from desktop.documents.layout.order import in_reading_order
from desktop.documents.readers.garble import is_garbled
from desktop.domain.documents import BlockKind, Box

BOTTOM = Box(72, 800, 500, 810)


def line(text: str, left: float, top: float, width: float = 200, size: float = 10) -> PrintedLine:
    return PrintedLine(text, Box(left, top, left + width, top + size), size)


def page(*lines: PrintedLine) -> PrintedPage:
    return PrintedPage(lines, 595, 842)


def test_raised_figures_and_cells_are_joined_to_their_line() -> None:
    pieces = [line("Shen", 72, 100, 40), line("1", 112, 98, 4), line("5", 400, 100, 8)]
    (joined,) = joined_fragments(pieces)
    assert joined.text == "Shen1\t5"
    assert joined.columns == 2
    assert joined.box == Box(72, 98, 408, 110)


def test_columns_keep_the_order_of_the_file() -> None:
    lines = [line("a", 72, 100), line("b", 72, 112), line("c", 330, 100), line("d", 330, 112)]
    assert [each.text for each in in_reading_order(lines)] == ["a", "b", "c", "d"]


def test_what_stands_above_in_the_same_column_comes_first() -> None:
    lines = [line("below", 72, 500), line("above", 72, 100), line("beside", 330, 100)]
    assert [each.text for each in in_reading_order(lines)] == ["above", "below", "beside"]


def test_running_lines_differ_only_in_their_numbers() -> None:
    pages = [
        page(line(f"Report, sheet {n}", 72, 30), line(f"Body {n}", 72, 300), line(f"{n}", 290, 810))
        for n in (1, 2)
    ]
    assert running_lines(pages[0], pages[1:]) == {0: BlockKind.HEADER, 2: BlockKind.FOOTER}


def test_a_first_line_that_does_not_repeat_is_text() -> None:
    alone = page(line("An important title", 72, 30), line("Body", 72, 300))
    other = page(line("Another title", 72, 30), line("Body", 72, 300))
    assert running_lines(alone, [other]) == {}


def test_a_running_line_below_a_line_of_its_own_is_text() -> None:
    pages = [
        page(
            line("The firm", 72, 20),
            line(f"Statement about the {subject}", 72, 35),
            line("in millions", 72, 50),
            line("Body", 72, 300),
        )
        for subject in ("profit", "cash")
    ]
    assert running_lines(pages[0], pages[1:]) == {0: BlockKind.HEADER}


def test_a_page_number_beside_a_name_is_a_footer_and_a_row_of_figures_is_not() -> None:
    named = PrintedLine("The firm\tPage 1 of 1", BOTTOM, 9, False, ((72, 110), (500, 550)))
    numbered = page(line("Body", 72, 300), named)
    assert running_lines(numbered, []) == {1: BlockKind.FOOTER}
    cells = ((72, 90), (200, 220), (300, 320))
    row = PrintedLine("Sum\t2023\t2022", BOTTOM, 9, False, cells)
    figures = page(line("Body", 72, 300), row)
    assert running_lines(figures, []) == {}


@pytest.mark.parametrize(
    ("text", "depth"),
    [("3. Term", 1), ("3.1 Rent", 2), ("Article III", 1), ("12 of 40", 1), ("Terms", 0)],
)
def test_numbering_gives_the_depth(text: str, depth: int) -> None:
    assert numbering_depth(text) == depth


def test_headings_close_those_of_their_rank_and_below() -> None:
    trail = HeadingTrail()
    trail.enter("Agreement", HeadingStyle(20))
    trail.enter("1. Rent", HeadingStyle(14, depth=1))
    trail.enter("1.1 Review", HeadingStyle(14, depth=2))
    assert trail.path == ("Agreement", "1. Rent", "1.1 Review")
    assert trail.enter("2. Use", HeadingStyle(14, depth=1)) == ("Agreement", "2. Use")
    assert trail.enter("Annex", HeadingStyle(20)) == ("Annex",)


@pytest.mark.parametrize(
    "text",
    [
        "The rent is due on the first day of each month.",
        "计算机科学与技术（应用技术） 本科",
        "حَبيبي habibi",
        "1,234 5,678 (90) 12.5%",
        "Name ........................................",
        "§ 1",
        "Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν",
    ],
)
def test_real_text_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


@pytest.mark.parametrize(
    "text",
    ['"7+%-', "\ue001\ue002\ue003\ue004 words", "ȥࠨ˖¨ಮӆ˨ΗƹΉటӇ¢ȥǂ࣎ϞƘ ѓȐæǧ ౾̼ϥ˖ำ¢͟ک¢ʷϕࣦਯ", "\ufffd" * 9],
)
def test_text_without_a_character_map_is_garbled(text: str) -> None:
    assert is_garbled(text)
