"""A switch: on or off, with its words beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop.gui.theme import Theme


class Switch(QCheckBox):
    """A check box to the keyboard and to a screen reader, a switch to the eye."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(self._track().width() + 18 + words, self._theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self._track_rect())
        roles = QPalette.ColorRole
        tokens = self._theme.tokens
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.acc if self.isChecked() else tokens.faint))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        knob = track.height() - 6
        right = self.isChecked() != self.isRightToLeft()
        left = track.right() - knob - 3 if right else track.left() + 3
        painter.setBrush(QColor(tokens.card))
        painter.drawEllipse(QRectF(left, track.top() + 3, knob, knob))
        painter.setPen(self.palette().color(roles.WindowText))
        painter.drawText(self._words_rect(), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.acc), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _track(self) -> QSize:
        return QSize(self._theme.px(32), self._theme.px(18))

    def _track_rect(self) -> QRectF:
        size = self._track()
        left = self.width() - size.width() - 4 if self.isRightToLeft() else 4
        return QRectF(left, (self.height() - size.height()) / 2, size.width(), size.height())

    def _words_rect(self) -> QRectF:
        taken = self._track().width() + 12
        left = 0 if self.isRightToLeft() else taken
        return QRectF(left, 0, self.width() - taken, self.height())
