"""Saves what is written in the composer before it is sent, so that nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.gui.chat.composer import Composer

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_PAUSE_MS = 400


class DraftKeeper(QObject):
    """Waits for a pause in the typing; a change of conversation saves at once."""

    def __init__(self, assistant: Assistant, composer: Composer) -> None:
        super().__init__(composer)
        self._assistant = assistant
        self._composer = composer
        self._conversation_id: int | None = None
        self._saved = ""
        self._unsent = ""  # the draft of the chat that has no conversation yet
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self.save)
        composer.text_changed.connect(lambda _text: self._timer.start())

    def turn_to(self, conversation_id: int | None, draft: str = "") -> None:
        """Save the old draft and show the one of another conversation."""
        self.save()
        self._conversation_id = conversation_id
        text = self._unsent if conversation_id is None else draft
        self._saved = text
        self._composer.set_text(text)
        self._timer.stop()

    def sent(self, conversation_id: int) -> None:
        """The text became a question of this conversation."""
        if self._conversation_id is None:
            self._unsent = ""
        self._conversation_id = conversation_id
        self._composer.set_text("")
        self.save()

    def save(self) -> None:
        self._timer.stop()
        text = self._composer.text
        if self._conversation_id is None:
            self._unsent = text
        elif text != self._saved:
            self._assistant.chats.save_draft(self._conversation_id, text)
        self._saved = text
