"""One question for two models: both answer side by side, and one of them can be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.assistant.events import (
    Broken,
    ComparedEvent,
    Event,
    Failed,
    Finished,
    JobId,
    Stopped,
)
from desktop.assistant.sentences import sentence_for
from desktop.domain.answers import Answer, AnswerFinished, AnswerMode
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelStatus
from desktop.gui.compare.compare_column import CompareColumn
from desktop.gui.load_watch import LoadWatch
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.header import Header
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.prompt_field import PromptField
from desktop.gui.widgets.still_choice import StillChoice

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_BESIDE = 760  # a narrower view has its columns below each other
_FIELD_HEIGHT = 64


class CompareView(QWidget):
    """Nothing is stored until one answer is kept."""

    kept = Signal(int)  # the chat that was made of an answer
    closed = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Compare models"))
        self._assistant = assistant
        self._theme = theme
        self._job: JobId | None = None
        self._question = ""
        self._collection_id: int | None = None
        self._watch = LoadWatch(assistant, self)
        self._watch.changed.connect(self._show_loading)
        names = (self.tr("Left"), self.tr("Right"))
        self.columns = tuple(CompareColumn(theme, name) for name in names)
        self.field = PromptField()
        self.collection = StillChoice(theme)
        self.button = Button(self.tr("Ask both"), "primary")
        self._notice = Label(size=13, tone="bad", wrap=True)
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def asking(self) -> bool:
        return self._job is not None

    def refresh(self) -> None:
        """Offer the models and collections that there are now."""
        models = [
            (entry.id, entry.name)
            for entry in self._assistant.models.register.entries()
            if entry.status is ModelStatus.READY
        ]
        first = not self.columns[0].model.count()
        for column in self.columns:
            column.offer(models)
        if first and models:
            chosen = self._assistant.models.running.chosen()
            self.columns[0].model.choose(chosen.id if chosen else models[0][0])
            others = [id for id, _ in models if id != self.columns[0].model_id]
            self.columns[1].model.choose(others[0] if others else models[0][0])
        found = [(each.id, each.name) for each in self._assistant.library.collections()]
        self.collection.offer([(None, self.tr("Model only")), *found])

    def ask(self) -> None:
        question = self.field.question
        if self._job is not None or not question or not self.columns[0].model_id:
            return
        self._question = question
        self._collection_id = self.collection.currentData()
        documents = self._collection_id is not None
        mode = AnswerMode.DOCUMENTS if documents else AnswerMode.MODEL_ONLY
        general = self._assistant.preferences.settings().answers.sampler
        left, right = self.columns
        for column in self.columns:
            column.wait()
        self._notice.hide()
        self._job = self._assistant.answers.compare(
            question,
            self._collection_id,
            mode,
            (left.model_id, right.model_id),
            (left.sampler(general), right.sampler(general)),
        )
        self._show_asking()

    def stop(self) -> None:
        if self._job is not None:
            self._assistant.cancel(self._job)

    def show_event(self, event: Event) -> None:
        if event.job != self._job:
            return
        self._watch.show_event(event)
        body = event.body
        if isinstance(body, ComparedEvent):
            self._show_compared(body)
        elif event.closing:
            self._job = None
            self._close(body)
            self._show_asking()

    def keep(self, column: CompareColumn) -> None:
        """Make a chat of this side's answer, which that model goes on answering."""
        if column.answer is None:
            return
        chats = self._assistant.chats
        try:
            chat = chats.create(self._collection_id)
            chats.set_model(chat.id, column.model_id)
            self._assistant.answers.keep_compared(chat.id, self._question, column.answer)
        except CarrelError as error:
            self._say(sentence_for(error).line)
        else:
            self.kept.emit(chat.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(_BESIDE)
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if beside else direction.TopToBottom)

    def _show_compared(self, compared: ComparedEvent) -> None:
        column = self.columns[compared.side]
        if isinstance(compared.body, AnswerFinished):
            column.finish(compared.body.answer)
        else:
            column.show_body(compared.body)

    def _show_loading(self) -> None:
        load = self._watch.load
        if load is None or self._job is None:
            return
        words = self.tr("Loading into memory · {share}").format(share=f"{load.share:.0%}")
        for column in self.columns:
            if column.model_id == load.model_id and column.answer is None:
                column.say(words)

    def _close(self, body: object) -> None:
        match body:
            case Finished(result=(Answer() as left, Answer() as right)):
                for column, answer in zip(self.columns, (left, right), strict=True):
                    if column.answer != answer:
                        column.finish(answer)
            case Failed(error=error):
                self._say(sentence_for(error).line)
            case Broken():
                self._say(self.tr("Carrel itself failed here; the log has the details."))
        words = self.tr("Stopped") if isinstance(body, Stopped) else self.tr("No answer")
        for column in self.columns:
            column.end(words)

    def _say(self, words: str) -> None:
        self._notice.setText(words)
        self._notice.show()

    def _keep_left(self) -> None:
        self.keep(self.columns[0])

    def _keep_right(self) -> None:
        self.keep(self.columns[1])

    def _press(self) -> None:
        if self._job is None:
            self.ask()
        else:
            self.stop()

    def _show_asking(self) -> None:
        asking = self._job is not None
        self.field.stoppable = asking
        self.button.setText(self.tr("Stop") if asking else self.tr("Ask both"))
        self.button.setAccessibleName(self.button.text())
        for column in self.columns:
            column.model.setEnabled(not asking)
            column.wording.setEnabled(not asking)

    def _connect(self) -> None:
        self.field.submitted.connect(self.ask)
        self.field.stop_wanted.connect(self.stop)
        self.button.clicked.connect(self._press)
        self.columns[0].keep_wanted.connect(self._keep_left)
        self.columns[1].keep_wanted.connect(self._keep_right)
        self._theme.changed.connect(self._scale)
        self._scale()

    def _lay_out(self) -> None:
        header = Header(self._theme, self.tr("Compare"), elide=False)
        header.add_left(ElidedLabel(self.tr("one question, two models"), size=14, tone="mute"))
        close = Button("", "icon")
        close.set_icon(self._theme, "close")
        close.setAccessibleName(self.tr("Close the comparison"))
        close.setToolTip(self.tr("Back (Esc)"))
        close.clicked.connect(self.closed)
        header.add_right(close)
        inside = QWidget()
        self._sides = QHBoxLayout(inside)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        for column in self.columns:
            self._sides.addWidget(column, 1)
        self.columns[1].setProperty("last", True)
        self._notice.hide()
        self._notice.setContentsMargins(24, 0, 24, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(header)
        whole.addWidget(_scrolling(inside), 1)
        whole.addWidget(self._notice)
        whole.addWidget(self._foot())

    def _foot(self) -> QWidget:
        self.field.setPlaceholderText(self.tr("One question for both"))
        self.field.setAccessibleName(self.tr("Question for both models"))
        self.collection.setAccessibleName(self.tr("Answer from"))
        frame = QFrame()
        frame.setObjectName("promptFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(12, 10, 10, 10)
        inside.setSpacing(8)
        inside.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(ElidedLabel(self.tr("Answer from"), size=13, tone="mute"))
        row.addWidget(self.collection, 1)
        row.addStretch(2)
        row.addWidget(self.button)
        inside.addLayout(row)
        foot = QWidget()
        outside = QVBoxLayout(foot)
        outside.setContentsMargins(20, 8, 20, 18)
        outside.addWidget(frame)
        return foot

    def _scale(self) -> None:
        self.field.setFixedHeight(self._theme.px(_FIELD_HEIGHT))
        self.collection.setMinimumWidth(self._theme.px(140))


def _scrolling(inside: QWidget) -> QScrollArea:
    """For windows too low for two columns below each other."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
