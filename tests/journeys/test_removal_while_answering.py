"""A collection goes while it is being answered from: the answer comes to its end."""

from __future__ import annotations

import pytest

from desktop.assistant.events import Finished
from desktop.domain.answers import Answer, AnswerMode, PassagesFound
from desktop.domain.conversations import Role
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.journey


def test_an_answer_from_a_collection_removed_meanwhile_is_finished_and_kept(desk: Desk) -> None:
    assistant, events = desk.assistant, desk.events
    lease = next(assistant.library.sample_folder().glob("lease*.pdf"))
    events.result(assistant.library.index([lease], "Gone soon"))
    collection = assistant.library.collection("Gone soon")
    chat = assistant.chats.create(collection.id)
    job = assistant.answers.ask(chat.id, "How much is the monthly rent?", AnswerMode.DOCUMENTS)
    closing: object = None
    for closing in events.bodies(job):
        if isinstance(closing, PassagesFound):
            assert closing.passages
            assistant.library.remove(collection.id)
    assert isinstance(closing, Finished)
    assert isinstance(closing.result, Answer)
    asked, said = assistant.chats.messages(chat.id)
    assert (asked.role, said.role) == (Role.USER, Role.ASSISTANT)
    assert said.answer == closing.result
    assert not said.answer.stopped
