"""What was written of an answer is kept when the answer comes to grief."""

from __future__ import annotations

from pathlib import Path

from desktop.assistant.half_answer import HalfAnswer
from desktop.domain.answers import AnswerMode, AnswerPiece
from desktop.domain.conversations import Role
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database


def test_words_said_since_the_last_save_are_kept_when_the_answer_fails(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "carrel.db")
    chats = ConversationStore(database)
    chat = chats.create("Rent", None)
    half = HalfAnswer(chats, chat.id, AnswerMode.MODEL_ONLY)
    half.note(AnswerPiece("The rent is "), "included")
    half.note(AnswerPiece("due in May."), "included")
    assert chats.messages(chat.id) == []
    half.keep()
    [said] = chats.messages(chat.id)
    assert (said.role, said.text) == (Role.ASSISTANT, "The rent is due in May.")
    assert said.answer is not None
    assert said.answer.stopped
    assert said.answer.model_id == "included"
    database.close()


def test_an_answer_that_failed_before_its_first_word_leaves_no_message(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "carrel.db")
    chats = ConversationStore(database)
    chat = chats.create("Rent", None)
    HalfAnswer(chats, chat.id, AnswerMode.MODEL_ONLY).keep()
    assert chats.messages(chat.id) == []
    database.close()
