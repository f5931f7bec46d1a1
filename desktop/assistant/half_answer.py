"""An answer while it is written: kept every two seconds, so that a crash leaves what was there."""

from __future__ import annotations

import time
from contextlib import suppress

from desktop.domain.answers import (
    Answer,
    AnswerEvent,
    AnswerFigures,
    AnswerMode,
    AnswerPiece,
    PassagesFound,
    TurnsDropped,
)
from desktop.domain.conversations import Message, Role
from desktop.domain.errors import StorageError
from desktop.storage.conversation_store import ConversationStore

_SAVE_EVERY_S = 2.0


class HalfAnswer:
    """Saves what is written so far as a stopped answer; the whole one takes its place."""

    def __init__(self, store: ConversationStore, conversation_id: int, mode: AnswerMode) -> None:
        self._store = store
        self._conversation_id = conversation_id
        self._mode = mode
        self._found = PassagesFound((), ())
        self._dropped = 0
        self._written = ""
        self._model_id = ""
        self._saved: Message | None = None
        self._last_save = time.monotonic()

    def note(self, event: AnswerEvent, model_id: str) -> None:
        """Follow the answer's events; saves when it is time to."""
        self._model_id = model_id
        if isinstance(event, PassagesFound):
            self._found = event
        elif isinstance(event, TurnsDropped):
            self._dropped = event.exchanges
        elif isinstance(event, AnswerPiece):
            if not self._written:
                # Loading and reading may have taken longer: a first word alone is not worth it.
                self._last_save = time.monotonic()
            self._written += event.text
            if time.monotonic() - self._last_save >= _SAVE_EVERY_S:
                self.keep()

    def keep(self) -> None:
        """Save what is written so far, if anything is; also where the answer came to grief."""
        if self._written:
            # A disk that is full now may not be at the end: only then it matters.
            with suppress(StorageError):
                self._save(self._as_stopped())
        self._last_save = time.monotonic()

    def finish(self, answer: Answer) -> Message:
        """Save the whole answer, in the place of what was saved before it."""
        return self._save(answer)

    def _save(self, answer: Answer) -> Message:
        if self._saved is None:
            self._saved = self._store.add_message(
                self._conversation_id, Role.ASSISTANT, answer.text, answer.mode, answer
            )
        else:
            self._saved = self._store.replace_answer(self._saved, answer)
        return self._saved

    def _as_stopped(self) -> Answer:
        from desktop.chat.markers import without_markers

        from_documents = self._mode is AnswerMode.DOCUMENTS
        return Answer(
            text=without_markers(self._written)[0] if from_documents else self._written,
            mode=self._mode,
            model_id=self._model_id,
            passages=self._found.passages,
            candidates=self._found.candidates,
            figures=AnswerFigures(dropped_turns=self._dropped),
            stopped=True,
        )
