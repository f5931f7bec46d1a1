"""When nothing in the documents carries an answer."""

from __future__ import annotations

import pytest

from desktop.chat.refusal import NOT_IN_DOCUMENTS, nothing_near, nothing_supported
from desktop.domain.answers import Statement, Support
from tests.unit.chat.passages import passage

RENT = "The monthly rent of the flat is 900 euros."


def statement(support: Support) -> Statement:
    return Statement("It is so.", 0, 9, support, 0.5)


def test_without_passages_nothing_is_near() -> None:
    assert nothing_near("What is the rent?", ())


def test_a_near_passage_with_the_questions_words_is_enough() -> None:
    assert not nothing_near("What is the monthly rent?", [passage(RENT, similarity=0.6)])


def test_either_meaning_or_rare_words_are_enough() -> None:
    assert not nothing_near("How much does the apartment cost?", [passage(RENT, similarity=0.55)])
    assert not nothing_near("monthly rent", [passage(RENT, similarity=0.25)])


def test_a_question_without_telling_words_is_met_by_every_passage() -> None:
    assert not nothing_near("What is this about?", [passage(RENT, similarity=0.2)])


def test_low_similarity_and_no_word_in_common_is_nothing_near() -> None:
    assert nothing_near("Who discovered penicillin?", [passage(RENT, similarity=0.1)])


def test_an_answer_without_any_supported_statement_is_no_answer() -> None:
    assert nothing_supported("It is so.", [statement(Support.NOT_FOUND)])
    assert nothing_supported("", [])
    assert not nothing_supported(
        "It is so.", [statement(Support.NOT_FOUND), statement(Support.PARTLY)]
    )


@pytest.mark.parametrize(
    "draft",
    [
        NOT_IN_DOCUMENTS,
        "The answer is not in the passages.",
        "The documents do not mention a deposit.",
        "The name is not stated in these documents.",
    ],
)
def test_a_model_that_says_it_found_nothing_is_believed(draft: str) -> None:
    assert nothing_supported(draft, [statement(Support.SUPPORTED)])
