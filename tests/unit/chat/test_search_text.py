"""What a follow-up is searched by."""

from __future__ import annotations

import pytest

from desktop.chat.search_text import search_text
from desktop.domain.conversations import Role, Turn

HISTORY = (
    Turn(Role.USER, "What notice must the tenant give?"),
    Turn(Role.ASSISTANT, "Three months."),
)


@pytest.mark.parametrize("question", ["And for the landlord?", "Why?", "Is it in writing?"])
def test_a_follow_up_is_searched_with_the_question_before_it(question: str) -> None:
    assert search_text(question, HISTORY) == f"{HISTORY[0].text} {question}"


@pytest.mark.parametrize(
    "question", ["How high is the deposit?", "Who signed the supplier agreement in March 2024?"]
)
def test_a_question_that_stands_alone_is_searched_as_it_is(question: str) -> None:
    assert search_text(question, HISTORY) == question


def test_the_first_question_is_searched_as_it_is() -> None:
    assert search_text("And?", ()) == "And?"
