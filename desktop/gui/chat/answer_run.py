"""An answer that is being made: what has come so far, whether or not it is on the page."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.assistant.events import JobId
from desktop.assistant.sentences import Sentence
from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.retrieval import RetrievedChunk
from desktop.gui.chat.answer_view import AnswerView


@dataclass
class AnswerRun:
    """Survives a look at another conversation: its view is made again when one comes back."""

    job: JobId
    conversation_id: int
    question: str
    mode: AnswerMode
    saved: bool = False  # the question stands in the database
    text: str = ""
    words: str = ""
    note: str = ""
    passages: tuple[RetrievedChunk, ...] = ()
    answer: Answer | None = None
    view: AnswerView | None = None

    def attach(self, view: AnswerView) -> None:
        """Show on a new view what has come so far."""
        self.view = view
        view.start(self.words)
        view.note(self.note)
        if self.text:
            view.append(self.text)

    def say(self, words: str) -> None:
        self.words = words
        if self.view is not None and not self.text:
            self.view.start(words)

    def note_limit(self, words: str) -> None:
        """What limits the answer, said while it is made; it says itself what did."""
        self.note = words
        if self.view is not None:
            self.view.note(words)

    def add(self, piece: str) -> None:
        self.text += piece
        if self.view is not None:
            self.view.append(piece)

    def finish(self, answer: Answer) -> None:
        self.answer = answer
        if self.view is not None:
            self.view.finish(answer)

    def fail(self, sentence: Sentence) -> None:
        if self.view is not None:
            self.view.fail(sentence)
