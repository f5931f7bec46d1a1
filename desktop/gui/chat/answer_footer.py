"""What stands under an answer: its support, what can be done with it, what it cost."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.answers import Answer
from desktop.gui.chat.answer_words import figures_text, support_facts
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import ElidedLabel
from desktop.gui.widgets.pill import Pill


class AnswerFooter(QWidget):
    """Two rows: pills, then buttons with the figures at the far end."""

    copy_clicked = Signal()
    regenerate_clicked = Signal()
    passages_clicked = Signal()
    draft_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pills_row = QWidget()
        self._pills = FlowLayout(self._pills_row, spacing=8)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._buttons = 0
        self._add(self.tr("Copy"), self.tr("Copy the answer"), self.copy_clicked)
        self._add(
            self.tr("Regenerate"), self.tr("Ask the same question again"), self.regenerate_clicked
        )
        self._row.addStretch(1)
        self._figures = ElidedLabel(size=12, tone="mute")
        self._beside = True  # the figures stand beside the buttons
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._pills_row)
        column.addLayout(self._row)

    def show_answer(self, answer: Answer) -> None:
        """Fill the rows once; an answer never changes."""
        facts = support_facts(answer)
        if answer.stopped:
            facts.append((self.tr("Stopped"), "plain"))
        for text, kind in facts:
            self._pills.addWidget(Pill(text, kind))
        self._pills_row.setVisible(bool(facts))
        if answer.refused and answer.passages:
            self._add(
                self.tr("Nearest passages"),
                self.tr("Show the nearest passages"),
                self.passages_clicked,
            )
        if answer.refused and answer.draft.strip():
            self._add(
                self.tr("What the model wrote"),
                self.tr("Show or hide what the model wrote"),
                self.draft_clicked,
            )
        self._figures.setText(figures_text(answer))
        self._row.addWidget(self._figures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        figures = self._figures.sizeHint().width()
        buttons = sum(b.sizeHint().width() + 2 for b in self.findChildren(Button))
        beside = buttons + figures + 16 <= self.width()
        if beside == self._beside:
            return
        self._beside = beside
        (self._row if beside else self._column).addWidget(self._figures)

    def facts(self) -> list[str]:
        """The words on the pills."""
        pills = self._pills_row.findChildren(Pill)
        return [pill.text() for pill in pills]

    def _add(self, text: str, name: str, signal: SignalInstance) -> None:
        button = Button(text, "quiet")
        button.setAccessibleName(name)
        button.clicked.connect(lambda _checked: signal.emit())
        self._row.insertWidget(self._buttons, button)
        self._buttons += 1
