"""Where a question is written, and how it should be answered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.answers import AnswerFigures, AnswerMode
from desktop.gui.chat.answer_words import context_text
from desktop.gui.chat.question_field import QuestionField
from desktop.gui.dropped_files import local_paths
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.choice_pill import ChoicePill
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import KeyCap, Label
from desktop.gui.widgets.restyle import set_style_property


class Composer(QFrame):
    """A card with the field on top and the controls below."""

    submitted = Signal(str)
    stop_requested = Signal()
    last_question_wanted = Signal()
    files_given = Signal(object)  # list[Path]
    text_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answering = False
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self._field = QuestionField(theme)
        self._meter = Label(size=12, tone="mute")
        self._meter.setAccessibleName(self.tr("Context used"))
        self._make_buttons()
        self._lay_out()
        self._field.submitted.connect(self._submit)
        self._field.last_question_wanted.connect(self.last_question_wanted)
        self._field.pasted_files.connect(self._take)
        self._field.textChanged.connect(lambda: self.text_changed.emit(self.text))
        self.setFocusProxy(self._field)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_collection("")

    @property
    def text(self) -> str:
        return self._field.toPlainText()

    @property
    def mode(self) -> AnswerMode:
        documents = self._documents.isChecked()
        return AnswerMode.DOCUMENTS if documents else AnswerMode.MODEL_ONLY

    def set_text(self, text: str) -> None:
        """Put text into the field, the cursor after it."""
        self._field.setPlainText(text)
        self._field.moveCursor(self._field.textCursor().MoveOperation.End)

    def set_collection(self, name: str) -> None:
        """Say what will be asked; without a collection only the model can answer."""
        if name:
            hint = self.tr("Ask about {0}, or drop files here").format(name)
        else:
            hint = self.tr("Ask the model, or drop files here")
        self._field.setPlaceholderText(hint)
        self._documents.setEnabled(bool(name))
        if not name:
            self._model_only.setChecked(True)

    def set_mode(self, mode: AnswerMode) -> None:
        documents = mode is AnswerMode.DOCUMENTS and self._documents.isEnabled()
        (self._documents if documents else self._model_only).setChecked(True)

    def set_answering(self, answering: bool) -> None:
        self._answering = answering
        self._stop.setVisible(answering)
        self._ask.setVisible(not answering)

    def set_figures(self, figures: AnswerFigures | None) -> None:
        self._meter.setText(context_text(figures) if figures else "")
        self._meter.setToolTip(self.tr("Tokens of the context window in use"))

    def _make_buttons(self) -> None:
        self._attach = Button(self.tr("Attach"), "quiet")
        self._attach.set_icon(self._theme, "plus", size=14)
        self._attach.setAccessibleName(self.tr("Add files to the collection of this chat"))
        self._attach.clicked.connect(self._ask_files)
        self._documents = ChoicePill(self._theme, self.tr("Answer from documents"))
        self._model_only = ChoicePill(self._theme, self.tr("Model only"))
        self._modes = QButtonGroup(self)
        self._modes.addButton(self._documents)
        self._modes.addButton(self._model_only)
        self._documents.setChecked(True)
        self._stop = Button("", "secondary")
        self._stop.setAccessibleName(self.tr("Stop"))
        self._stop.clicked.connect(self.stop_requested)
        self._stop.hide()
        self._ask = Button(self.tr("Ask"), "primary")
        self._ask.setAccessibleName(self.tr("Ask"))
        self._ask.clicked.connect(self._submit)

    def _lay_out(self) -> None:
        self._stop_row = inside = QHBoxLayout(self._stop)
        inside.setContentsMargins(12, 0, 10, 0)
        inside.setSpacing(8)
        self._square = _Square(self._theme)
        inside.addWidget(self._square)
        inside.addWidget(_through(Label(self.tr("Stop"), size=13, weight=500)))
        inside.addWidget(KeyCap("Esc"))
        ways = QWidget()
        self._ways = QVBoxLayout(ways)
        flow = FlowLayout(spacing=8)  # wraps where the letters are large
        flow.addWidget(self._documents)
        flow.addWidget(self._model_only)
        self._ways.addLayout(flow)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._attach, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(ways, 1)
        row.addWidget(self._meter)
        row.addWidget(self._stop)
        row.addWidget(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 14, 14, 12)
        column.setSpacing(16)
        column.addWidget(self._field)
        column.addLayout(row)

    def _restyle(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#composer {{ background: {tokens.card}; border: 1px solid {tokens.line};"
            f" border-bottom-color: {tokens.edge}; border-radius: 14px; }}"
            f'#composer[dropping="true"] {{ border: 1px solid {tokens.acc}; }}'
        )
        # The stop button's words are widgets of their own, so its width is theirs.
        # The pills are lower than the buttons; this puts them on one middle line.
        lower = self._ask.sizeHint().height() - self._documents.sizeHint().height()
        self._ways.setContentsMargins(0, max(0, lower // 2), 0, max(0, lower // 2))
        self._stop.setMinimumWidth(self._stop_row.sizeHint().width())

    def _submit(self) -> None:
        if self._answering:
            return
        if self.text.strip():
            self.submitted.emit(self.text)

    def _take(self, data: QMimeData) -> None:
        paths: list[Path] = local_paths(data)
        if paths:
            self.files_given.emit(paths)

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files"))
        if names:
            self.files_given.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            set_style_property(self, "dropping", True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        set_style_property(self, "dropping", False)

    def dropEvent(self, event: QDropEvent) -> None:
        set_style_property(self, "dropping", False)
        event.acceptProposedAction()
        self._take(event.mimeData())


class _Square(QWidget):
    """The sign that stops."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(QSize(10, 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.text))
        painter.drawRoundedRect(self.rect(), 1.5, 1.5)


def _through(label: Label) -> Label:
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
