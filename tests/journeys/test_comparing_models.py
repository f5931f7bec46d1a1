"""Two models answer one question from the same passages, and the person keeps one answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.models import ModelEntry
from desktop.inference.included_models import CHAT_MODEL_ID
from tests.journeys.conftest import Desk
from tests.support.second_model import write_second_model

pytestmark = pytest.mark.journey


@pytest.fixture
def second(desk: Desk, tmp_path: Path) -> Iterator[str]:
    files = desk.assistant.models.files
    file = write_second_model(tmp_path / "second.gguf")
    entry = desk.events.result(files.import_file(file, in_place=True))
    assert isinstance(entry, ModelEntry)
    yield entry.id
    desk.events.result(files.remove(entry.id))


def test_both_answer_from_the_same_passages_and_one_answer_is_kept(desk: Desk, second: str) -> None:
    answers, collection = desk.assistant.answers, desk.samples.id
    question = desk.assistant.library.sample_questions()[0]
    job = answers.compare(question, collection, AnswerMode.DOCUMENTS, (CHAT_MODEL_ID, second))
    compared = cast("tuple[Answer, Answer]", desk.events.result(job))
    assert [answer.model_id for answer in compared] == [CHAT_MODEL_ID, second]
    assert compared[0].passages == compared[1].passages != ()
    for answer in compared:
        assert answer.statements
        assert answer.citations
        assert answer.figures.completion_tokens
        assert answer.figures.seconds_to_first_token

    chat = desk.assistant.chats.create(collection).id
    asked, kept = answers.keep_compared(chat, question, compared[1])
    assert (asked.text, kept.answer) == (question, compared[1])
    assert desk.assistant.chats.messages(chat) == [asked, kept]
    assert desk.assistant.chats.conversation(chat).title
