"""Messages: added, read back whole, and searched."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.conversations import Conversation, Message, Role
from desktop.domain.engine import SamplerSettings
from desktop.storage.database import Database, Row
from desktop.storage.stored_text import storable_text
from desktop.storage.value_codec import ValueMismatch, decode, encode

CONVERSATION_COLUMNS = """
    conversations.id, title, collection_id, conversations.created_at, updated_at, pinned, draft,
    model_id, sampler
"""
_CONVERSATION_WIDTH = 9
_FOUND_AT_MOST = 200
_SNIPPET_WORDS = 12
_SNIPPET_CHARACTERS = 40


class MessageStore:
    """What was said. An answer is kept as the whole value it was, citations included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def messages(self, conversation_id: int) -> list[Message]:
        """Return a conversation's messages in the order they were said."""
        rows = self._database.execute(
            "SELECT id, conversation_id, role, text, mode, created_at, answer FROM messages "
            "WHERE conversation_id = ? ORDER BY id",
            (conversation_id,),
        )
        return [_message(row) for row in rows]

    def add_message(
        self,
        conversation_id: int,
        role: Role,
        text: str,
        mode: AnswerMode,
        answer: Answer | None = None,
    ) -> Message:
        """Add a message at the end; raises `KeyError` where the conversation is gone."""
        now = time.time()
        said = storable_text(text)
        with self._database.transaction():
            known = self._database.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ? RETURNING id",
                (now, conversation_id),
            )
            if not known:
                raise KeyError(conversation_id)
            message_id = self._database.insert(
                "INSERT INTO messages (conversation_id, role, text, mode, created_at, answer) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (conversation_id, role, said, mode, now, encode(answer) if answer else None),
            )
        return Message(message_id, conversation_id, role, said, mode, now, answer)

    def replace_answer(self, message: Message, answer: Answer) -> Message:
        """Put a later state of an answer in its message's place; `KeyError` where it is gone."""
        now = time.time()
        said = storable_text(answer.text)
        with self._database.transaction():
            # Taken out and put in again: the keyword index follows these two, not an update.
            if not self._database.execute(
                "DELETE FROM messages WHERE id = ? RETURNING id", (message.id,)
            ):
                raise KeyError(message.id)
            self._database.execute(
                "INSERT INTO messages (id, conversation_id, role, text, mode, created_at, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    message.id,
                    message.conversation_id,
                    message.role,
                    said,
                    answer.mode,
                    now,
                    encode(answer),
                ),
            )
            self._database.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?",
                (now, message.conversation_id),
            )
        return replace(message, text=said, mode=answer.mode, created_at=now, answer=answer)

    def search(self, text: str) -> list[tuple[Conversation, str]]:
        """Return conversations that hold the words, each with a piece of the text around them.

        The last word may be unfinished. Text without word breaks (Chinese, Japanese) is found as
        it was typed.
        """
        words = re.findall(r"\w+", storable_text(text))
        if not words:
            return []
        rows = self._by_title(text.strip()) + self._by_words(words)
        if not rows:
            rows = self._by_characters(text.strip())
        found: dict[int, tuple[Conversation, str]] = {}
        for row in rows:
            found.setdefault(row[0], (conversation_of(row), row[_CONVERSATION_WIDTH]))
        return list(found.values())

    def _by_title(self, text: str) -> list[Row]:
        return self._database.execute(
            f"SELECT {CONVERSATION_COLUMNS}, title FROM conversations "
            "WHERE removed_at IS NULL AND instr(lower(title), lower(?)) "
            "ORDER BY updated_at DESC LIMIT ?",
            (storable_text(text), _FOUND_AT_MOST),
        )

    def _by_words(self, words: list[str]) -> list[Row]:
        # In quotes each word is itself, even where it is an operator of FTS5.
        match = " ".join(f'"{word}"' for word in words) + "*"
        return self._database.execute(
            f"SELECT {CONVERSATION_COLUMNS}, "
            f"snippet(messages_words, 0, '', '', '…', {_SNIPPET_WORDS}) "
            "FROM messages_words JOIN messages ON messages.id = messages_words.rowid "
            "JOIN conversations ON conversations.id = conversation_id "
            "WHERE messages_words MATCH ? AND removed_at IS NULL ORDER BY rank LIMIT ?",
            (match, _FOUND_AT_MOST),
        )

    def _by_characters(self, text: str) -> list[Row]:
        sought = storable_text(text)
        return self._database.execute(
            f"SELECT {CONVERSATION_COLUMNS}, "
            "substr(text, max(1, instr(lower(text), lower(?1)) - ?2), 2 * ?2) "
            "FROM messages JOIN conversations ON conversations.id = conversation_id "
            "WHERE instr(lower(text), lower(?1)) AND removed_at IS NULL "
            "ORDER BY messages.id DESC LIMIT ?3",
            (sought, _SNIPPET_CHARACTERS, _FOUND_AT_MOST),
        )


def conversation_of(row: Row) -> Conversation:
    """Return the conversation at the start of a row of `CONVERSATION_COLUMNS`."""
    number, title, collection_id, created_at, updated_at, pinned, draft, model_id, sampler = row[
        :_CONVERSATION_WIDTH
    ]
    return Conversation(
        id=number,
        title=title,
        collection_id=collection_id,
        created_at=created_at,
        updated_at=updated_at,
        pinned=bool(pinned),
        draft=draft,
        model_id=model_id,
        sampler=_sampler(sampler),
    )


def _message(row: Row) -> Message:
    return Message(
        id=row[0],
        conversation_id=row[1],
        role=Role(row[2]),
        text=row[3],
        mode=AnswerMode(row[4]),
        created_at=row[5],
        answer=_answer(row[6]),
    )


def _sampler(stored: str) -> SamplerSettings | None:
    if not stored:
        return None
    try:
        return decode(SamplerSettings, stored)
    except ValueMismatch:
        # Written by a version with other words for things: the settings hold again.
        return None


def _answer(stored: str | None) -> Answer | None:
    if stored is None:
        return None
    try:
        return decode(Answer, stored)
    except ValueMismatch:
        # Written by a version with other words for things: its text is still shown.
        return None
