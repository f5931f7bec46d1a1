"""The conversation on the page: follows its end while the reader is there, builds what is seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.answers import Answer
from desktop.domain.conversations import Message, Role
from desktop.gui.chat.answer_view import AnswerView
from desktop.gui.chat.reading_column import ReadingColumn
from desktop.gui.chat.user_bubble import UserBubble
from desktop.gui.theme import Theme

_FIRST, _MORE = 20, 8  # messages built when a chat opens, and at once when one scrolls up
_NEAR_TOP = 400  # pixels from the top at which earlier messages are built
_SETTLE_MS = 150  # without a change of height, after which messages built above stand
_PATIENCE_MS = 2000  # for the first of those changes
_AT_END = 24  # pixels from the end that still count as the end


class Transcript(QScrollArea):
    """Bubbles and answers, oldest first; only the last ones are widgets until one scrolls up."""

    citation_opened = Signal(object, object)  # Answer, Citation
    passages_requested = Signal(object)  # Answer
    regenerate_requested = Signal(str)  # the question

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._earlier: list[Message] = []
        self._following = True
        self._distance: int | None = None  # to the end, kept while earlier messages are laid out
        self._releasing = QTimer(self, singleShot=True)
        self._releasing.timeout.connect(self._release)
        self._questions: dict[AnswerView, str] = {}
        self._last_question = ""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Conversation"))
        self._make_page()
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._range_changed)

    def load(self, messages: Sequence[Message]) -> None:
        """Show another conversation, at its end."""
        self._questions.clear()
        self._last_question = ""
        self._following = True
        self._release()
        self._make_page()
        self._earlier = list(messages)
        self._build_earlier(_FIRST)
        last = next((m.text for m in reversed(messages) if m.role is Role.USER), "")
        self._last_question = last

    @property
    def answers(self) -> list[AnswerView]:
        """The answers that are widgets, oldest first."""
        items = (self._rows.itemAt(at) for at in range(self._rows.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, AnswerView)]

    @property
    def last_question(self) -> str:
        return self._last_question

    def add_question(self, text: str) -> UserBubble:
        bubble = UserBubble(text, self._theme)
        self._put(bubble)
        self._last_question = text
        self._following = True
        return bubble

    def add_answer(self) -> AnswerView:
        """An empty answer to the last question, at the end."""
        view = self._connected(AnswerView(self._theme), self._last_question)
        self._put(view)
        return view

    def question_of(self, answer: Answer | None) -> str:
        """The question that an answer on the page belongs to."""
        pairs = self._questions.items()
        return next((asked for view, asked in pairs if answer and view.answer is answer), "")

    def follow_end(self) -> None:
        self._following = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _make_page(self) -> None:
        page = QWidget()
        column = ReadingColumn(self._theme)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 26, 0, 24)
        self._rows.setSpacing(20)
        self._rows.addStretch(1)
        column.set_layout(self._rows)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        self.setWidget(page)

    def _put(self, widget: QWidget) -> None:
        # The stretch stays last, so that a short conversation stands at the top.
        self._rows.insertWidget(self._rows.count() - 1, widget)

    def _connected(self, view: AnswerView, question: str) -> AnswerView:
        self._questions[view] = question
        view.citation_opened.connect(self.citation_opened)
        view.passages_requested.connect(self.passages_requested)
        view.regenerate_requested.connect(self._regenerate)
        return view

    def _regenerate(self, view: AnswerView) -> None:
        self.regenerate_requested.emit(self._questions.get(view, ""))

    def _build_earlier(self, count: int) -> None:
        """Turn the next messages above into widgets without moving what is being read."""
        batch, self._earlier = self._earlier[-count:], self._earlier[:-count]
        if not batch:
            return
        question = next((m.text for m in reversed(self._earlier) if m.role is Role.USER), "")
        for place, message in enumerate(batch):
            if message.role is Role.USER:
                question = message.text
                self._rows.insertWidget(place, UserBubble(message.text, self._theme))
            else:
                view = self._connected(AnswerView(self._theme), question)
                self._show_stored(view, message)
                self._rows.insertWidget(place, view)

    @staticmethod
    def _show_stored(view: AnswerView, message: Message) -> None:
        if message.answer is not None:
            view.finish(message.answer)
        else:
            view.text.finish(message.text)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._following = value >= bar.maximum() - _AT_END
        near = value < _NEAR_TOP and bar.maximum() > 0 and not self._following
        if near and self._earlier and self._distance is None:
            self._distance = bar.maximum() - value
            self._build_earlier(_MORE)
            self._releasing.start(_PATIENCE_MS)

    def _release(self) -> None:
        self._distance = None

    def _range_changed(self, _low: int, high: int) -> None:
        if self._following:
            self.verticalScrollBar().setValue(high)
        elif self._distance is not None:
            self.verticalScrollBar().setValue(high - self._distance)
            self._releasing.start(_SETTLE_MS)
