"""Marks for chips land after their words and change nothing else."""

from __future__ import annotations

from desktop.domain.answers import Statement, Support
from desktop.gui.chat.citation_marks import (
    NOT_FOUND_MARK,
    mark_for,
    marked_text,
    marker_of,
    neutral,
    without_marks,
)


def statement(text: str, part: str, support: Support, *markers: int) -> Statement:
    start = text.index(part)
    return Statement(part, start, start + len(part), support, 1.0, markers)


def test_a_mark_stands_before_the_full_stop() -> None:
    text = "Rent is due monthly. It rises."
    made = marked_text(text, [statement(text, "Rent is due monthly.", Support.SUPPORTED, 1)])
    assert made == f"Rent is due monthly\u00a0{mark_for(1)}. It rises."


def test_a_mark_stands_inside_the_last_cell_of_a_row() -> None:
    row = "| Tenant | 90 days |"
    made = marked_text(row, [statement(row, row, Support.SUPPORTED, 3, 4)])
    assert made == f"| Tenant | 90 days\u00a0{mark_for(3)}\u202f{mark_for(4)} |"


def test_a_statement_that_is_not_found_is_marked_so() -> None:
    text = "A fee may apply."
    made = marked_text(text, [statement(text, text, Support.NOT_FOUND)])
    assert NOT_FOUND_MARK in made


def test_a_statement_with_nothing_to_show_leaves_the_text_as_it_is() -> None:
    text = "So it is."
    assert marked_text(text, [statement(text, text, Support.SUPPORTED)]) == text


def test_marks_can_be_taken_out_again() -> None:
    text = "One. Two."
    made = marked_text(text, [statement(text, "One.", Support.SUPPORTED, 1)])
    assert without_marks(made).replace("\u00a0", "") == text
    assert marker_of(mark_for(12)) == 12
    assert marker_of(NOT_FOUND_MARK) is None


def test_private_characters_of_the_answer_itself_become_harmless_one_for_one() -> None:
    assert neutral("a\ue000b\ue105c") == "a\ufffdb\ufffdc"


def test_spans_beyond_the_text_do_no_harm() -> None:
    wild = Statement("x", 3, 900, Support.SUPPORTED, 1.0, (1,))
    assert without_marks(marked_text("abcdef", [wild])) == "abcdef\u00a0"
