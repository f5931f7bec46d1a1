"""The whole way from a question to a checked answer, with a scripted model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from desktop.chat.answering import QUESTION_CHARACTERS, AnswerParts, answer
from desktop.chat.refusal import NOT_IN_DOCUMENTS
from desktop.domain.answers import (
    Answer,
    AnswerEvent,
    AnswerFinished,
    AnswerMode,
    AnswerPiece,
    PassagesFound,
    PromptRead,
    Support,
)
from desktop.domain.cancel import CancelToken
from desktop.domain.conversations import Role, Turn
from desktop.domain.errors import EmptyQuestion, QuestionTooLong
from desktop.domain.model_errors import ContextTooSmall
from tests.support.scripted_chat_model import ScriptedChatModel
from tests.unit.chat.conftest import PartsFor
from tests.unit.retrieval.library import PARAGRAPHS

QUESTION = "What is the monthly rent of the flat?"
TRUE = "The monthly rent of the flat is 900 euros."
SMALL = 135_000_000


def ask(
    parts: AnswerParts,
    question: str = QUESTION,
    history: Sequence[Turn] = (),
    cancel: CancelToken | None = None,
) -> tuple[list[AnswerEvent], Answer]:
    events = list(answer(question, history, parts, cancel or CancelToken()))
    assert isinstance(events[-1], AnswerFinished)
    return events, events[-1].answer


def test_events_come_in_order_and_the_pieces_make_the_text(parts_for: PartsFor) -> None:
    events, finished = ask(parts_for(ScriptedChatModel(TRUE)))
    kinds = [type(event) for event in events]
    assert kinds == [PassagesFound, PromptRead, *[AnswerPiece] * 9, AnswerFinished]
    pieces = [event.text for event in events if isinstance(event, AnswerPiece)]
    assert "".join(pieces) == finished.text == TRUE
    assert finished.figures.completion_tokens == 9
    assert finished.figures.prompt_tokens > 9
    assert not finished.stopped
    assert not finished.refused


def test_a_true_statement_is_cited_with_its_words_on_the_page(parts_for: PartsFor) -> None:
    _, finished = ask(parts_for(ScriptedChatModel(TRUE)))
    [statement] = finished.statements
    [citation] = finished.citations
    page_text = PARAGRAPHS["lease.pdf"] + "\nOther"
    assert statement.support is Support.SUPPORTED
    assert statement.markers == (citation.marker,) == (1,)
    assert finished.text[statement.start : statement.end] == statement.text
    assert (citation.path, citation.page) == ("lease.pdf", 1)
    assert page_text[citation.start : citation.end] == citation.quote
    assert "900 euros" in citation.quote
    assert 1 <= len(citation.boxes) <= 2


def test_the_models_marks_are_taken_out_of_the_text(parts_for: PartsFor) -> None:
    _, finished = ask(parts_for(ScriptedChatModel("The monthly rent is 900 euros [1].")))
    assert finished.text == "The monthly rent is 900 euros."
    assert len(finished.citations) == 1


def test_each_statement_has_its_own_support(parts_for: PartsFor) -> None:
    text = (
        f"{TRUE} The monthly rent of the flat is 850 euros. Five days of annual leave carry over."
    )
    _, finished = ask(parts_for(ScriptedChatModel(text)))
    assert [statement.support for statement in finished.statements] == [
        Support.SUPPORTED,
        Support.NOT_FOUND,
        Support.SUPPORTED,
    ]
    assert [statement.markers for statement in finished.statements] == [(1,), (), (2,)]
    assert [citation.path for citation in finished.citations] == ["lease.pdf", "policy.pdf"]


def test_the_same_place_is_cited_under_the_same_number(parts_for: PartsFor) -> None:
    text = f"{TRUE} Rent is due on the third working day."
    _, finished = ask(parts_for(ScriptedChatModel(text)))
    assert [statement.markers for statement in finished.statements] == [(1,), (1,)]


def test_a_question_far_from_everything_is_refused_before_generating(parts_for: PartsFor) -> None:
    model = ScriptedChatModel("Alexander Fleming.")
    events, finished = ask(parts_for(model), "Who discovered penicillin?")
    assert finished.refused
    assert finished.text == NOT_IN_DOCUMENTS
    assert model.prompts == []
    assert [type(event) for event in events] == [PassagesFound, AnswerFinished]


def test_an_answer_that_no_passage_supports_is_refused_and_kept_as_draft(
    parts_for: PartsFor,
) -> None:
    _, finished = ask(parts_for(ScriptedChatModel("It costs 1,475 pounds in Glasgow.")))
    assert finished.refused
    assert finished.text == NOT_IN_DOCUMENTS
    assert finished.draft == "It costs 1,475 pounds in Glasgow."
    assert finished.passages
    assert finished.citations == ()


def test_without_a_collection_there_is_nothing_to_answer_from(parts_for: PartsFor) -> None:
    parts = replace(parts_for(ScriptedChatModel(TRUE)), collection_id=None)
    assert ask(parts)[1].refused


def test_a_stopped_answer_keeps_and_cites_what_was_written(parts_for: PartsFor) -> None:
    cancel = CancelToken()
    parts = parts_for(ScriptedChatModel(TRUE + " It is due on the third working day."))
    events: list[AnswerEvent] = []
    for event in answer(QUESTION, (), parts, cancel):
        events.append(event)
        if sum(isinstance(one, AnswerPiece) for one in events) == 9:
            cancel.cancel()
    finished = events[-1]
    assert isinstance(finished, AnswerFinished)
    assert finished.answer.stopped
    assert finished.answer.text == TRUE
    assert len(finished.answer.citations) == 1


def test_an_answer_stopped_before_its_first_word_is_empty_and_not_refused(
    parts_for: PartsFor,
) -> None:
    cancel = CancelToken()
    cancel.cancel()
    _, finished = ask(parts_for(ScriptedChatModel(TRUE)), cancel=cancel)
    assert finished.stopped
    assert finished.text == ""
    assert not finished.refused


def test_model_only_searches_nothing_and_marks_nothing(parts_for: PartsFor) -> None:
    model = ScriptedChatModel("Paris [1] is a city.")
    history = (Turn(Role.USER, "Hello"), Turn(Role.ASSISTANT, "Good day."))
    events, finished = ask(parts_for(model, AnswerMode.MODEL_ONLY), "What is Paris?", history)
    assert finished.text == "Paris [1] is a city."
    assert finished.mode is AnswerMode.MODEL_ONLY
    assert (finished.statements, finished.citations, finished.passages) == ((), (), ())
    assert PassagesFound not in [type(event) for event in events]
    assert "Good day." in model.prompts[0]
    assert "euros" not in model.prompts[0]


def test_earlier_turns_stand_before_the_passages_and_lead_the_search(parts_for: PartsFor) -> None:
    model = ScriptedChatModel("It is due on the third working day.")
    history = (Turn(Role.USER, QUESTION), Turn(Role.ASSISTANT, TRUE))
    _, finished = ask(parts_for(model), "And when is it due?", history)
    prompt = model.prompts[0]
    assert prompt.index(TRUE) < prompt.index("<passage") < prompt.index("And when is it due?")
    assert [citation.path for citation in finished.citations] == ["lease.pdf"]


def test_a_small_model_is_shown_the_nearest_sentence_and_ends_after_one(
    parts_for: PartsFor,
) -> None:
    text = f"{TRUE} It is due on the third working day. Whales sing. Birds fly. Fish swim."
    model = ScriptedChatModel(text, parameters=SMALL)
    _, finished = ask(parts_for(model))
    assert "<passage" not in model.prompts[0]
    assert PARAGRAPHS["lease.pdf"] in model.prompts[0]
    assert finished.text == TRUE
    assert not finished.stopped
    assert model.streams_closed == len(model.prompts) == 1
    assert finished.figures.completion_tokens > 0


def test_what_a_small_model_adds_of_its_own_is_neither_shown_nor_kept(
    parts_for: PartsFor,
) -> None:
    text = f"{TRUE[:-1]}, a trusted and reliable choice for growing families."
    events, finished = ask(parts_for(ScriptedChatModel(text, parameters=SMALL)))
    pieces = "".join(event.text for event in events if isinstance(event, AnswerPiece))
    assert finished.text == pieces == TRUE
    assert finished.statements[0].support is Support.SUPPORTED


def test_a_small_model_that_ignores_one_sentence_is_asked_with_the_next(
    parts_for: PartsFor,
) -> None:
    good = "Five days of annual leave carry over."

    def says(prompt: str) -> str:
        told = prompt.rsplit("Text:", 1)[1]
        return good if "leave" in told else "Whales sing under water."

    question = "Is rent due on a day of leave, or do five days of annual leave carry over?"
    model = ScriptedChatModel(says, parameters=SMALL)
    events, finished = ask(parts_for(model), question)
    pieces = "".join(event.text for event in events if isinstance(event, AnswerPiece))
    assert finished.text == pieces == good
    assert sum(isinstance(event, PassagesFound) for event in events) == 1


def test_quoting_is_not_disturbed_by_a_penalty_on_repeated_words(parts_for: PartsFor) -> None:
    model = ScriptedChatModel(TRUE)
    ask(parts_for(model))
    ask(parts_for(model, AnswerMode.MODEL_ONLY))
    assert model.samplers[0].repeat_penalty == 1.0
    assert model.samplers[1].repeat_penalty > 1.0


@pytest.mark.parametrize("question", ["", "   \n", "?!", "…"])
def test_a_question_without_a_word_is_refused(parts_for: PartsFor, question: str) -> None:
    with pytest.raises(EmptyQuestion):
        ask(parts_for(ScriptedChatModel(TRUE)), question)


def test_a_question_of_fifty_thousand_characters_is_refused(parts_for: PartsFor) -> None:
    with pytest.raises(QuestionTooLong) as error:
        ask(parts_for(ScriptedChatModel(TRUE)), "rent " * 10_000)
    assert error.value.limit == QUESTION_CHARACTERS
    assert error.value.characters > QUESTION_CHARACTERS


def test_a_question_that_fills_the_context_window_is_refused(parts_for: PartsFor) -> None:
    with pytest.raises(ContextTooSmall):
        ask(parts_for(ScriptedChatModel(TRUE, context_tokens=200)), "rent " * 500)


@pytest.mark.parametrize("parameters", [SMALL, 7_000_000_000])
@pytest.mark.parametrize("mode", list(AnswerMode))
def test_an_answer_under_a_schema_stays_as_it_was_written(
    parts_for: PartsFor, parameters: int, mode: AnswerMode
) -> None:
    said = (
        '{"rooms": [1, 2], "said": "Blue goats sing. Blue goats sing. Blue goats sing.", "n": [1]}'
    )
    parts = parts_for(ScriptedChatModel(said, parameters=parameters))
    sampler = replace(parts.settings.sampler, json_schema='{"type": "object"}')
    parts = replace(parts, mode=mode, settings=replace(parts.settings, sampler=sampler))
    events, finished = ask(parts)
    pieces = [event.text for event in events if isinstance(event, AnswerPiece)]
    assert "".join(pieces) == finished.text == said
    assert not finished.refused
