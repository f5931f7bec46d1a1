"""What each size of model is told, and in which order."""

from __future__ import annotations

from desktop.chat.prompt_template import LARGE_MODEL, SMALL_MODEL, template_for
from desktop.domain.conversations import Role, Turn
from tests.unit.chat.passages import passage

LEAD = "The rent is 900 euros."
QUESTION = "What is the rent?"
TURNS = (Turn(Role.USER, "Who lets the flat?"), Turn(Role.ASSISTANT, "Anna Brandt."))


def test_a_model_of_unknown_size_is_taken_for_large() -> None:
    assert template_for(135_000_000) is SMALL_MODEL
    assert template_for(0) is template_for(7_000_000_000) is LARGE_MODEL


def test_a_small_model_sees_examples_then_turns_then_one_sentence() -> None:
    told = SMALL_MODEL.messages(QUESTION, TURNS, [passage("A whole passage.")], LEAD)
    roles = [message.role for message in told]
    assert roles == ["system"] + ["user", "assistant"] * (len(SMALL_MODEL.examples) + 1) + ["user"]
    assert [message.text for message in told[-3:-1]] == [turn.text for turn in TURNS]
    assert LEAD in told[-1].text
    assert QUESTION in told[-1].text
    assert "A whole passage." not in told[-1].text


def test_what_stands_before_a_question_is_the_same_for_every_question() -> None:
    one = SMALL_MODEL.messages(QUESTION, (), (), LEAD)
    other = SMALL_MODEL.messages("Who pays?", (), (), "The tenant pays.")
    assert one[:-1] == other[:-1]


def test_each_example_answers_with_the_sentence_it_shows() -> None:
    told = SMALL_MODEL.messages(QUESTION, (), (), LEAD)
    for asked, answered in zip(told[1:-1:2], told[2:-1:2], strict=True):
        assert answered.text in asked.text


def test_a_large_model_sees_whole_passages_the_nearest_by_the_question() -> None:
    told = LARGE_MODEL.messages(QUESTION, (), [passage("First."), passage("Second.", 2)], "")
    text = told[-1].text
    assert text.index("Second.") < text.index("First.") < text.index(QUESTION)
