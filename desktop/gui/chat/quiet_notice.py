"""Says in place what happened, what was kept and what to do next."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.assistant.sentences import Sentence
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label


class QuietNotice(Card):
    """A card in the flow of the page; it stays until the page goes."""

    def __init__(self, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(Label(sentence.happened, size=13, weight=500, wrap=True))
        rest = " ".join(part for part in (sentence.kept, sentence.next) if part)
        if rest:
            column.addWidget(Label(rest, size=13, tone="mute", wrap=True))
        self.setAccessibleName(sentence.line)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
