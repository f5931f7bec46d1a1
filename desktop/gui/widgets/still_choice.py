"""A list of choices that the wheel does not turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy

from desktop.gui.theme import Theme


class StillChoice(QComboBox):
    """Values with their words; scrolling a page must not change what is chosen."""

    def __init__(self, theme: Theme, choices: Sequence[tuple[Any, str]] = ()) -> None:
        super().__init__()
        self._theme = theme
        self._choices: tuple[tuple[Any, str], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer other choices; what was chosen stays so where it is among them."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        before = self.currentData()
        self.blockSignals(True)
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        self.choose(before)
        self.blockSignals(False)

    def choose(self, value: Any) -> None:
        self.setCurrentIndex(max(0, self.findData(value)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # The style sheet takes the system's arrow away and could only name a file instead.
        side = self._theme.px(14)
        left = (
            self._theme.px(10) if self.isRightToLeft() else self.width() - side - self._theme.px(10)
        )
        place = QRect(left, 0, side, self.height())
        self._theme.icon("chevron-down").paint(QPainter(self), place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
