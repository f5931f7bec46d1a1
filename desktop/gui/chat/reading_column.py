"""A column in the middle of the page that is never wider than text is read well."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.theme import Theme
from desktop.gui.tokens import READING_WIDTH

_SIDE = 60  # least space on each side of the text
_NARROW_SIDE = 20  # the same where the column is narrow
_NARROW = 560


class ReadingColumn(QWidget):
    """Centres one layout; `extra` widens it on both sides, as the composer's frame does."""

    def __init__(self, theme: Theme, extra: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._extra = extra
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._holder = QWidget()
        self._holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._holder)
        self._fit()
        theme.changed.connect(self._fit)

    def set_layout(self, layout: QLayout) -> None:
        """Put the column's content in."""
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        least = (_NARROW_SIDE if self.width() < _NARROW else _SIDE) - self._extra
        side = max(least, (self.width() - self._theme.px(READING_WIDTH)) // 2 - self._extra)
        self._row.setContentsMargins(side, 0, side, 0)
