"""One answer in the conversation, from its first sign of life to its footer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.assistant.sentences import Sentence
from desktop.domain.answers import Answer, Citation
from desktop.gui.chat.answer_footer import AnswerFooter
from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.chat.answer_text import AnswerText
from desktop.gui.chat.answer_words import limits_text
from desktop.gui.chat.passage_tip import PassageTip
from desktop.gui.chat.quiet_notice import QuietNotice
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import Label


class AnswerView(QWidget):
    """Streams pieces, then shows the whole answer with its citations."""

    citation_opened = Signal(object, object)  # Answer, Citation
    passages_requested = Signal(object)  # Answer
    regenerate_requested = Signal(object)  # this view

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answer: Answer | None = None
        self._progress = Label(size=13, tone="mute")
        self._text = AnswerText(AnswerStyle(theme))
        self._note = Label(size=13, tone="mute", wrap=True)
        self._tip: PassageTip | None = None
        self._draft: AnswerText | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self._progress)
        self._column.addWidget(self._text)
        self._column.addWidget(self._note)
        self._progress.hide()
        self._note.hide()
        self._text.citation_clicked.connect(self._open)
        self._text.chip_hovered.connect(self._show_tip)
        self._text.chip_left.connect(self._hide_tip)
        theme.changed.connect(self._restyle)

    @property
    def text(self) -> AnswerText:
        return self._text

    @property
    def answer(self) -> Answer | None:
        return self._answer

    def start(self, words: str) -> None:
        """Show that work has begun, before there is a word."""
        self._progress.setText(words)
        self._progress.setVisible(bool(words))
        self._text.setVisible(not words or bool(self._text.text))

    def note(self, words: str) -> None:
        """Say quietly under the text what limits this answer; "" says nothing."""
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def append(self, piece: str) -> None:
        self._progress.hide()
        self._text.show()
        self._text.set_streaming(True)
        self._text.append_text(piece)

    def finish(self, answer: Answer) -> None:
        """Show the finished answer; the text it streamed is replaced in one step."""
        self._answer = answer
        self._progress.hide()
        self._text.show()
        self._text.finish(answer.text, answer.statements)
        self.note(limits_text(answer))
        footer = AnswerFooter(self._theme)
        footer.show_answer(answer)
        footer.copy_clicked.connect(self._copy)
        footer.regenerate_clicked.connect(lambda: self.regenerate_requested.emit(self))
        footer.passages_clicked.connect(lambda: self.passages_requested.emit(answer))
        footer.draft_clicked.connect(self._toggle_draft)
        self._column.addWidget(footer)

    def fail(self, sentence: Sentence) -> None:
        """Keep what was written and say quietly what happened."""
        self._progress.hide()
        self._text.set_streaming(False)
        self._text.setVisible(bool(self._text.text))
        self._column.addWidget(QuietNotice(sentence))

    def _copy(self) -> None:
        if self._answer is not None:
            QGuiApplication.clipboard().setText(self._answer.text)

    def _toggle_draft(self) -> None:
        if self._draft is None and self._answer is not None:
            self._draft = AnswerText(AnswerStyle(self._theme))
            self._draft.finish(self._answer.draft)
            self._draft.setAccessibleName(self.tr("What the model wrote"))
            self._column.addWidget(self._draft)
        elif self._draft is not None:
            self._draft.setVisible(self._draft.isHidden())

    def _citation(self, marker: int) -> Citation | None:
        citations = self._answer.citations if self._answer else ()
        return next((each for each in citations if each.marker == marker), None)

    def _open(self, marker: int) -> None:
        citation = self._citation(marker)
        if citation is not None:
            self._hide_tip()
            self.citation_opened.emit(self._answer, citation)

    def _show_tip(self, marker: int, below: QPoint) -> None:
        if self._tip is None:
            self._tip = PassageTip(self._theme, self)
        citation = self._citation(marker)
        if citation is not None:
            self._tip.show_citation(citation, below)
        elif marker < 0:
            self._tip.show_not_found(below)

    def _hide_tip(self) -> None:
        if self._tip is not None:
            self._tip.hide()

    def _restyle(self) -> None:
        for text in (self._text, self._draft):
            if text is not None:
                text.set_style(AnswerStyle(self._theme))
