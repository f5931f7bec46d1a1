"""A small prompt for one model: the answer streams, its speed is shown, nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import Broken, Event, Failed, Finished, JobId, Stopped
from desktop.assistant.sentences import sentence_for
from desktop.domain.answers import Answer, AnswerMode, AnswerPiece, PromptRead
from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.chat.answer_text import AnswerText
from desktop.gui.chat.answer_words import figures_text
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.prompt_field import PromptField

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_FIELD_HEIGHT = 84


class TryItTab(QWidget):
    """One question at a time; the model is loaded if it is not the one in memory."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._model_id = ""
        self._job: JobId | None = None
        self.field = PromptField()
        self.field.submitted.connect(self.ask)
        self.field.stop_wanted.connect(self.stop)
        self.field.setPlaceholderText(self.tr("Ask this model something"))
        self.field.setAccessibleName(self.tr("Prompt"))
        self.button = Button(self.tr("Ask"), "primary")
        self.button.clicked.connect(self._press)
        self.answer = AnswerText(AnswerStyle(theme))
        self.failure = Label(size=13, tone="bad", wrap=True)
        self.figures = Label(size=12, tone="mute", wrap=True)
        self._lay_out()
        self._clear()
        self._scale()
        theme.changed.connect(self._scale)

    @property
    def asking(self) -> bool:
        return self._job is not None

    def show_model(self, model_id: str) -> None:
        """Ask this model from now on; an answer of another one is stopped and taken away."""
        if model_id == self._model_id:
            return
        self.stop()
        self._job = None
        self._model_id = model_id
        self._clear()
        self.figures.setText("")
        self._show_asking(False)

    def ask(self) -> None:
        question = self.field.question
        if self._job is not None or not question:
            return
        self._clear()
        self.figures.setText(self.tr("Loading and reading"))
        mode = AnswerMode.MODEL_ONLY
        self._job = self._assistant.answers.ask_once(question, None, mode, self._model_id)
        self._show_asking(True)

    def stop(self) -> None:
        if self._job is not None:
            self._assistant.cancel(self._job)

    def show_event(self, event: Event) -> None:
        if event.job != self._job:
            return
        if event.closing:
            self._close(event.body)
            self._job = None
            self._show_asking(False)
            return
        match event.body:
            case AnswerPiece(text=piece):
                self.answer.show()
                self.answer.set_streaming(True)
                self.answer.append_text(piece)
            case PromptRead(tokens_done=done, tokens_total=total):
                words = self.tr("Reading the question · {share}")
                self.figures.setText(words.format(share=f"{done / max(1, total):.0%}"))

    def _clear(self) -> None:
        self.answer.finish("")
        self.answer.hide()
        self.failure.hide()

    def _close(self, body: object) -> None:
        self.answer.set_streaming(False)
        match body:
            case Finished(result=answer) if isinstance(answer, Answer):
                self.answer.show()
                self.answer.finish(answer.text)
                self.figures.setText(figures_text(answer))
            case Failed(error=error):
                self._say_failure(sentence_for(error).line)
            case Broken():
                self._say_failure(self.tr("Carrel itself failed here; the log has the details."))
            case Stopped():
                self.figures.setText(self.tr("Stopped"))

    def _say_failure(self, words: str) -> None:
        self.figures.setText("")
        self.failure.setText(words)
        self.failure.show()

    def _press(self) -> None:
        if self._job is None:
            self.ask()
        else:
            self.stop()

    def _show_asking(self, asking: bool) -> None:
        self.field.stoppable = asking
        self.button.setText(self.tr("Stop") if asking else self.tr("Ask"))
        self.button.setAccessibleName(self.button.text())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 18)
        column.setSpacing(10)
        frame = QFrame()
        frame.setObjectName("promptFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(10, 8, 8, 8)
        inside.addWidget(self.field)
        row = QHBoxLayout()
        row.addWidget(Label(self.tr("Nothing is stored."), size=12, tone="mute"))
        row.addStretch(1)
        row.addWidget(self.button)
        inside.addLayout(row)
        column.addWidget(frame)
        column.addWidget(self.answer)
        column.addWidget(self.failure)
        column.addWidget(self.figures)
        column.addStretch(1)

    def _scale(self) -> None:
        self.field.setFixedHeight(self._theme.px(_FIELD_HEIGHT))
        self.answer.set_style(AnswerStyle(self._theme))
