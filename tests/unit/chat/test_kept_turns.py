"""Which earlier turns stay, from question to question."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop.chat.context_window import Fitted, fit
from desktop.chat.kept_turns import exchanges_in, kept_turns, without_oldest
from desktop.chat.next_prompt import next_prompt_begins
from desktop.chat.prompt_template import (
    HISTORY_SHARE_MODEL_ONLY,
    LARGE_MODEL,
    SMALL_MODEL,
    SYSTEM_MODEL_ONLY,
    stable_messages,
)
from desktop.domain.answers import AnswerMode
from desktop.domain.conversations import Role, Turn
from desktop.domain.engine import SamplerSettings
from desktop.domain.retrieval import RetrievedChunk
from desktop.inference.chat_model import ChatMessage
from tests.support.scripted_chat_model import ScriptedChatModel
from tests.unit.chat.passages import passage

SAMPLER = SamplerSettings(max_tokens=64)


def exchange(at: int, words: int = 20) -> list[Turn]:
    return [
        Turn(Role.USER, f"question{at} " + "word " * words),
        Turn(Role.ASSISTANT, f"answer{at} " + "word " * words),
    ]


def chat(length: int, words: int = 20) -> list[Turn]:
    return [turn for at in range(length) for turn in exchange(at, words)]


def asked(model: ScriptedChatModel, history: Sequence[Turn], question: str) -> Fitted:
    return fit(
        model,
        lambda turns, _: [
            *stable_messages(SYSTEM_MODEL_ONLY, turns),
            ChatMessage("user", question),
        ],
        history,
        (),
        SAMPLER.max_tokens,
        HISTORY_SHARE_MODEL_ONLY,
    )


def test_nothing_goes_while_there_is_room_and_then_whole_exchanges() -> None:
    model = ScriptedChatModel("")
    for room in range(0, 1500, 37):
        kept = kept_turns(model, chat(20), room)
        assert kept == tuple(chat(20)[40 - len(kept) :])
        assert len(kept) % 2 == 0
        assert not kept or kept[0].role is Role.USER
    assert kept_turns(model, chat(20), 2000) == tuple(chat(20))


def test_when_turns_go_the_next_questions_find_room() -> None:
    model = ScriptedChatModel("")
    firsts = [kept_turns(model, chat(length), 500)[0].text for length in range(1, 60)]
    moves = sum(before != after for before, after in zip(firsts, firsts[1:], strict=False))
    # 500 hold eight of these exchanges, and a move makes room for four more.
    assert 10 <= moves <= 15


def test_what_stays_does_not_depend_on_how_far_back_one_looks() -> None:
    model = ScriptedChatModel("")
    for length in (40, 100, 333):
        kept = kept_turns(model, chat(length), 400)
        assert 0.3 * 400 < sum(model.count_tokens(turn.text) + 8 for turn in kept) <= 400
    counted: list[str] = []
    model.count_tokens = lambda text: counted.append(text) or 21  # type: ignore[method-assign,func-returns-value]
    kept_turns(model, chat(2000), 400)
    assert len(counted) < 200


def test_an_exchange_that_is_too_large_alone_goes_and_later_ones_stay() -> None:
    model = ScriptedChatModel("")
    large = [Turn(Role.USER, "pasted " * 900), Turn(Role.ASSISTANT, "I see.")]
    assert kept_turns(model, [*chat(3), *large], 400) == ()
    assert kept_turns(model, [*large, *chat(3)], 400) == tuple(chat(3))


def test_a_question_without_its_answer_is_an_exchange_too() -> None:
    lone = [Turn(Role.USER, "unanswered"), *chat(1)]
    assert exchanges_in(lone) == 2
    assert without_oldest(lone) == tuple(chat(1))
    assert exchanges_in([Turn(Role.ASSISTANT, "first"), *chat(1)]) == 1
    assert kept_turns(ScriptedChatModel(""), [], 100) == ()


@pytest.mark.parametrize("context_tokens", [300, 512, 1024, 4096])
def test_the_next_prompt_begins_as_was_foretold_whatever_is_asked(context_tokens: int) -> None:
    model = ScriptedChatModel("", context_tokens)
    for length in range(30):
        history = chat(length, words=8 + length % 5)
        begins = next_prompt_begins(model, AnswerMode.MODEL_ONLY, SAMPLER, history)
        for question in ("Why?", "And what of the third one, which nobody named?"):
            found = asked(model, history, question)
            assert found.prompt.parts[: len(begins.parts)] == begins.parts
            assert found.dropped == length - len(found.turns) // 2
            assert found.prompt_tokens + found.answer_tokens <= context_tokens


@pytest.mark.parametrize("template", [LARGE_MODEL, SMALL_MODEL])
def test_with_documents_too_the_next_prompt_begins_as_was_foretold(template: object) -> None:
    assert template in (LARGE_MODEL, SMALL_MODEL)
    chosen = LARGE_MODEL if template is LARGE_MODEL else SMALL_MODEL
    model = ScriptedChatModel("", 2048, 7_000_000_000 if chosen is LARGE_MODEL else 135_000_000)
    passages = [passage(f"passage{at} " + "word " * 49, at) for at in range(1, 7)]

    def compose(turns: Sequence[Turn], shown: Sequence[RetrievedChunk]) -> list[ChatMessage]:
        return chosen.messages("What is it?", turns, shown, "It is a lead.")

    for length in range(40):
        history = chat(length)
        begins = next_prompt_begins(model, AnswerMode.DOCUMENTS, SAMPLER, history)
        limit = chosen.sampler(SAMPLER).max_tokens
        found = fit(model, compose, history, passages, limit, chosen.history_share)
        assert found.prompt.parts[: len(begins.parts)] == begins.parts
        assert len(found.passages) == 6


def test_a_very_long_question_takes_the_place_of_earlier_turns() -> None:
    model = ScriptedChatModel("", 1024)
    found = asked(model, chat(12), "word " * 600)
    assert 0 < len(found.turns) < 24
    assert found.dropped == 12 - len(found.turns) // 2
    assert found.turns[0].role is Role.USER
