"""Where a draft leaves the words it was shown, and what is kept of it."""

from __future__ import annotations

import pytest

from desktop.chat.grounding import Grounding

LEAD = "Every fault must be reported to Ida Moor within two days, in writing."
QUESTION = "To whom must a fault be reported?"
GROUNDING = Grounding([LEAD, QUESTION])


def test_a_draft_in_the_words_of_its_lead_is_kept_whole() -> None:
    text = "A fault must be reported to Ida Moor within two days."
    assert GROUNDING.kept(text) == text
    assert not GROUNDING.has_left(text)


def test_a_word_or_two_of_the_models_own_are_kept() -> None:
    text = "Report every fault promptly to Ida Moor."
    assert GROUNDING.kept(text) == text


@pytest.mark.parametrize(
    "tail",
    [
        ", a trusted and reliable expert for repairs.",
        ", who has led the workshop since 1998.",
        " and to Peter Brandt of Linden Works.",
    ],
)
def test_an_invented_tail_is_cut_at_its_clause(tail: str) -> None:
    beginning = "A fault must be reported to Ida Moor"
    assert GROUNDING.has_left(beginning + tail)
    assert GROUNDING.kept(beginning + tail) == beginning + "."


def test_nothing_is_kept_of_a_draft_that_never_keeps_to_its_lead() -> None:
    assert GROUNDING.kept("Whales sing under water for many hours.") == ""


def test_a_draft_that_cannot_be_cut_between_clauses_stays_as_it_is() -> None:
    text = "A fault must be reported to Ida Moor through brightly painted letter boxes."
    assert GROUNDING.kept(text) == text


def test_a_half_written_word_or_number_is_waited_for() -> None:
    text = "The rent is 2,4"
    grounding = Grounding(["The rent is 2,450 euros."])
    assert text[: grounding.stands_to(text)] == "The rent"
    assert not grounding.has_left(text)
    assert grounding.has_left("The rent is 2,460 euro")


def test_words_of_its_own_are_not_passed_on_before_a_known_one_follows() -> None:
    text = "A fault must quickly be "
    assert text[: GROUNDING.stands_to(text)] == "A fault must"
    text = "A fault must quickly be reported "
    assert text[: GROUNDING.stands_to(text)] == text.rstrip()
