"""Two models on one question: in turns where both fit, else one after the other."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from desktop.assistant.comparing import Comparison
from desktop.assistant.engine import Engine
from desktop.assistant.events import ComparedEvent
from desktop.domain.answers import Answer, AnswerEvent, AnswerFinished, AnswerMode, AnswerPiece
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.inference.chat_model import ChatModel
from tests.support.engine_room import GB, Room

SETTINGS = EngineSettings(context_tokens=1024)


def ask(model: ChatModel, side: int, _: CancelToken) -> Iterator[AnswerEvent]:
    for word in ("It", "is", "due."):
        yield AnswerPiece(word)
    yield AnswerFinished(Answer("It is due.", AnswerMode.MODEL_ONLY, f"{model.model_id}{side}"))


def compared(engine: Engine, ids: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Who said each piece, and whose answers come back."""
    comparison = Comparison(engine, ask, SETTINGS)
    steps: Generator[object, None, tuple[Answer, Answer]] = comparison.run(ids, CancelToken())
    said: list[str] = []
    while True:
        try:
            body = next(steps)
        except StopIteration as end:
            return said, [answer.model_id for answer in end.value]
        if isinstance(body, ComparedEvent) and isinstance(body.body, AnswerPiece):
            said.append(body.model_id)


def test_both_write_in_turns_and_the_second_leaves_the_memory_again(
    engine: Engine, room: Room
) -> None:
    said, answers = compared(engine, ("old", "new"))
    assert said == ["old", "new"] * 3
    assert answers == ["old0", "new1"]
    assert room.open == ["old"]


def test_who_is_in_memory_begins_and_the_answers_keep_their_order(
    engine: Engine, room: Room
) -> None:
    compared(engine, ("new", "old"))
    said, answers = compared(engine, ("old", "new"))
    assert said == ["new", "old"] * 3
    assert answers == ["old0", "new1"]
    assert room.open == ["new"]


def test_where_one_fits_at_a_time_they_answer_one_after_the_other(
    engine: Engine, room: Room
) -> None:
    room.free_bytes = int(1.5 * GB)
    said, answers = compared(engine, ("old", "new"))
    assert said == ["old"] * 3 + ["new"] * 3
    assert answers == ["old0", "new1"]
    assert room.open == ["new"]


def test_one_that_fails_takes_no_memory_with_it(engine: Engine, room: Room) -> None:
    def failing(model: ChatModel, _: int, __: CancelToken) -> Iterator[AnswerEvent]:
        yield AnswerPiece("It")
        if model.model_id == "new":
            raise OSError("the disk is gone")
        yield from ask(model, 0, CancelToken())

    steps = Comparison(engine, failing, SETTINGS).run(("old", "new"), CancelToken())
    with pytest.raises(OSError, match="the disk is gone"):
        list(steps)
    assert room.open == ["old"]
