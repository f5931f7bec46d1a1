"""Conversations as a face changes them: one-row writes, done at once."""

from __future__ import annotations

from desktop.assistant.chat_reading import ChatReading
from desktop.domain.conversations import Conversation
from desktop.domain.engine import SamplerSettings


class Chats(ChatReading):
    """Everything about conversations but answering."""

    def create(self, collection_id: int | None, title: str = "") -> Conversation:
        return self._conversations.create(title, collection_id)

    def rename(self, conversation_id: int, title: str) -> None:
        self._conversations.rename(conversation_id, title)

    def pin(self, conversation_id: int, pinned: bool) -> None:
        self._conversations.pin(conversation_id, pinned)

    def set_collection(self, conversation_id: int, collection_id: int | None) -> None:
        self._conversations.set_collection(conversation_id, collection_id)

    def set_model(self, conversation_id: int, model_id: str) -> None:
        """Answer in this chat with a model of its own from the next question on; "" with the
        chosen one."""
        self._conversations.set_model(conversation_id, model_id)

    def set_sampler(self, conversation_id: int, sampler: SamplerSettings | None) -> None:
        """Word this chat's answers in its own way; None is the model's way, or the settings'."""
        self._conversations.set_sampler(conversation_id, sampler)

    def remove(self, conversation_id: int) -> None:
        """Take a conversation out of sight; `restore` brings it back until the program ends."""
        self._conversations.remove(conversation_id)

    def restore(self, conversation_id: int) -> None:
        self._conversations.restore(conversation_id)

    def save_draft(self, conversation_id: int, text: str) -> None:
        self._conversations.save_draft(conversation_id, text)
