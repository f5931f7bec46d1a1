"""Conversations: made, named, found, and removed in a way that can be undone."""

from __future__ import annotations

import time

from desktop.domain.conversations import Conversation
from desktop.domain.engine import SamplerSettings
from desktop.storage.message_store import CONVERSATION_COLUMNS, MessageStore, conversation_of
from desktop.storage.stored_text import storable_text
from desktop.storage.value_codec import encode


class ConversationStore(MessageStore):
    """The one door to conversations; what is said in them comes from `MessageStore`.

    Methods on a conversation that is gone raise `KeyError`: nothing on the screen names one.
    """

    def conversations(self) -> list[Conversation]:
        """Return pinned ones first, then the latest first; removed ones are left out."""
        rows = self._database.execute(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE removed_at IS NULL "
            "ORDER BY pinned DESC, updated_at DESC, id DESC"
        )
        return [conversation_of(row) for row in rows]

    def conversation(self, conversation_id: int) -> Conversation:
        rows = self._database.execute(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE id = ?", (conversation_id,)
        )
        if not rows:
            raise KeyError(conversation_id)
        return conversation_of(rows[0])

    def create(self, title: str, collection_id: int | None) -> Conversation:
        now = time.time()
        conversation_id = self._database.insert(
            "INSERT INTO conversations (title, collection_id, created_at, updated_at) "
            "VALUES (?, ?, ?, ?)",
            (storable_text(title), collection_id, now, now),
        )
        return self.conversation(conversation_id)

    def rename(self, conversation_id: int, title: str) -> None:
        self._set(conversation_id, "title", storable_text(title))

    def pin(self, conversation_id: int, pinned: bool) -> None:
        self._set(conversation_id, "pinned", pinned)

    def set_collection(self, conversation_id: int, collection_id: int | None) -> None:
        self._set(conversation_id, "collection_id", collection_id)

    def set_model(self, conversation_id: int, model_id: str) -> None:
        self._set(conversation_id, "model_id", storable_text(model_id))

    def set_sampler(self, conversation_id: int, sampler: SamplerSettings | None) -> None:
        self._set(conversation_id, "sampler", encode(sampler) if sampler else "")

    def save_draft(self, conversation_id: int, text: str) -> None:
        self._set(conversation_id, "draft", storable_text(text))

    def remove(self, conversation_id: int) -> None:
        """Take it out of sight; `restore` brings it back until `purge_removed`."""
        self._set(conversation_id, "removed_at", time.time())

    def restore(self, conversation_id: int) -> None:
        self._set(conversation_id, "removed_at", None)

    def purge_removed(self) -> int:
        """Erase the removed conversations with all that was said; return how many there were."""
        with self._database.transaction():
            gone = self._database.execute(
                "DELETE FROM conversations WHERE removed_at IS NOT NULL RETURNING id"
            )
            if gone:
                # Merged into one part, the keyword index holds no word of what is gone.
                self._database.execute(
                    "INSERT INTO messages_words (messages_words) VALUES ('optimize')"
                )
        if gone:
            self._database.checkpoint()
        return len(gone)

    def _set(self, conversation_id: int, column: str, value: object) -> None:
        known = self._database.execute(
            f"UPDATE conversations SET {column} = ? WHERE id = ? RETURNING id",
            (value, conversation_id),
        )
        if not known:
            raise KeyError(conversation_id)
