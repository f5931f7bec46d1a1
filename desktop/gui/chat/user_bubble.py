"""The person's own message: a quiet bubble on the far side."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.chat.text_pane import TextPane
from desktop.gui.theme import Theme
from desktop.gui.tokens import RADIUS_BUBBLE

_SHARE = 0.78  # of the column's width, so that it reads as one side of a talk
_PAD_X, _PAD_Y = 14, 9
_POINT = 3.0  # the radius of the corner that points at the speaker


class UserBubble(QWidget):
    """One question, as plain text."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._theme = theme
        self._pane = TextPane()
        self._pane.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._pane.setAccessibleName(self.tr("Your question"))
        self._bubble = _Bubble(theme)
        inside = QVBoxLayout(self._bubble)
        inside.setContentsMargins(_PAD_X, _PAD_Y, _PAD_X, _PAD_Y)
        inside.addWidget(self._pane)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._bubble)
        self._write()
        theme.changed.connect(self._write)

    @property
    def text(self) -> str:
        return self._text

    def minimumSizeHint(self) -> QSize:
        # The text is fitted to the width that is given. Were its width a demand on the page, a
        # long question would widen the page, be fitted anew, widen it again, and so on for ever.
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _write(self) -> None:
        style = AnswerStyle(self._theme)
        self._pane.clear()
        cursor = QTextCursor(self._pane.document())
        cursor.setBlockFormat(style.block_format())
        cursor.insertText(self._text.replace("\r\n", "\n"), style.text_format())
        self._fit()

    def _fit(self) -> None:
        most = max(120, int(self.width() * _SHARE) - 2 * _PAD_X)
        document = self._pane.document()
        document.setTextWidth(-1)
        self._pane.setFixedWidth(min(math.ceil(document.idealWidth()) + 1, most))
        document.setTextWidth(self._pane.width())


class _Bubble(QFrame):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.fillPath(_outline(QRectF(self.rect())), QColor(self._theme.tokens.user))


def _outline(rect: QRectF) -> QPainterPath:
    """A rounded rectangle whose lower right corner is nearly square."""
    path = QPainterPath()
    path.addRoundedRect(rect, RADIUS_BUBBLE, RADIUS_BUBBLE)
    corner = QPainterPath()
    size = 2.0 * RADIUS_BUBBLE
    place = QRectF(rect.bottomRight() - QPointF(size, size), rect.bottomRight())
    corner.addRoundedRect(place, _POINT, _POINT)
    return path.united(corner)
