"""Where statements begin and end."""

from __future__ import annotations

import pytest

from desktop.chat.statements import statement_spans


def statements(text: str) -> list[str]:
    return [text[start:end] for start, end in statement_spans(text)]


def test_sentences_of_prose_are_statements() -> None:
    text = "The rent is 900 euros. It is due monthly! Is it? Yes"
    assert statements(text) == ["The rent is 900 euros.", "It is due monthly!", "Yes"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Brandt met Mr. J. Smith at St. Mary's on 5 Jan. 2024.",
        "The rate is 3.75 percent of 1,234.50 euros.",
        "See No. 5 and Art. 12 of the agreement between Brandt Ltd. and others.",
        "They met at 5 p.m. in the U.S. Senate.",
        "Die Frist endet am 3. Mai 2024.",
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(sentence: str) -> None:
    assert statements(sentence + " Nothing else was agreed.") == [
        sentence,
        "Nothing else was agreed.",
    ]


def test_a_sentence_may_end_in_the_word_no() -> None:
    assert statements("The tenant said no. The landlord agreed.") == [
        "The tenant said no.",
        "The landlord agreed.",
    ]


def test_a_quotation_keeps_its_closing_mark() -> None:
    assert statements('He wrote "the rent is due." Then he left.') == [
        'He wrote "the rent is due."',
        "Then he left.",
    ]


def test_list_items_are_statements_without_their_marks() -> None:
    text = "The tenant pays:\n\n- rent of 900 euros\n- heating\n  and water\n3. the deposit"
    assert statements(text) == ["rent of 900 euros", "heating\n  and water", "the deposit"]


def test_table_rows_are_statements_and_their_header_is_not() -> None:
    text = "| Item | Price |\n| --- | ---: |\n| Paper | 4.20 |\n| Ink | 12.00 |"
    assert statements(text) == ["| Paper | 4.20 |", "| Ink | 12.00 |"]


def test_headings_code_and_rules_state_nothing() -> None:
    text = "# Rent\n\nIt is 900 euros.\n\n---\n\n```\nprint('x. Y')\n```\n> Quoted words stand."
    assert statements(text) == ["It is 900 euros.", "Quoted words stand."]


def test_a_soft_line_break_does_not_end_a_sentence() -> None:
    assert statements("The rent is\n900 euros.\n\nAnother one") == [
        "The rent is\n900 euros.",
        "Another one",
    ]


def test_scripts_without_spaces_end_sentences_too() -> None:
    assert statements("租金为九百欧元。押金为两个月。") == ["租金为九百欧元。", "押金为两个月。"]


@pytest.mark.parametrize("text", ["", "   \n\n", "...", "```\ncode", "# Only a heading"])
def test_text_that_says_nothing_has_no_statements(text: str) -> None:
    assert statements(text) == []
