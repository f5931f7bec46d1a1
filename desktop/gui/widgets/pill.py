"""A round chip with a word in it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.gui.widgets.labels import draw_elided, plain_tool_tip
from desktop.gui.widgets.restyle import set_style_property

PillKind = Literal["plain", "good", "warn", "bad"]


class Pill(QLabel):
    """States one fact; its colour only repeats what the word says."""

    def __init__(self, text: str, kind: PillKind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)
        self.setText(text)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), 4 * hint.height()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        if shown == self.text():
            super().paintEvent(event)
        else:
            draw_elided(self, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cut = self.width() < self.sizeHint().width()
        self.setToolTip(plain_tool_tip(self.text()) if cut else "")

    def set_fact(self, text: str, kind: PillKind) -> None:
        """Show another fact in the same place."""
        self.setText(text)
        set_style_property(self, "kind", kind)
