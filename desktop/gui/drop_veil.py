"""Lies over a view while files are held over it, and says where they would go."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.gui.theme import Theme


class DropVeil(QWidget):
    """Takes no clicks and no drops itself."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._under = parent
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, words: str) -> None:
        self._words = words
        self.setGeometry(self._under.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(tokens.bg)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        painter.setPen(QPen(QColor(tokens.acc), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 14, 14)
        painter.setPen(QColor(tokens.acc))
        painter.setFont(self._theme.font(15, 600))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._words)
