"""Conversations as a face reads them, answered at once."""

from __future__ import annotations

from desktop.domain.conversations import Conversation, Message
from desktop.storage.conversation_store import ConversationStore


class ChatReading:
    """What was said, and where."""

    def __init__(self, conversations: ConversationStore) -> None:
        self._conversations = conversations

    def conversations(self) -> list[Conversation]:
        """Pinned ones first, then the latest first."""
        return self._conversations.conversations()

    def conversation(self, conversation_id: int) -> Conversation:
        return self._conversations.conversation(conversation_id)

    def messages(self, conversation_id: int) -> list[Message]:
        return self._conversations.messages(conversation_id)

    def search(self, text: str) -> list[tuple[Conversation, str]]:
        """Conversations whose messages hold the words, each with a piece of the text around."""
        return self._conversations.search(text)
