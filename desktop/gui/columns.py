"""The window's three columns: what folds, and what lies over the others when it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.gui.sidebar.rail import Rail
from desktop.gui.theme import Theme
from desktop.gui.tokens import (
    OVERLAY_BELOW_WIDTH,
    SETTINGS_LIST_WIDTH,
    SIDEBAR_WIDTH,
    SOURCES_WIDTH,
)

# Beyond this the columns stop growing with the font, so that the text keeps the most room.
_WIDEST_PERCENT = 140


class Columns(QWidget):
    """Left stack, centre stack, right panel."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("centre")
        self._theme = theme
        self.left = QStackedWidget()
        self.rail = Rail(theme)
        self.centre = QStackedWidget()
        self._right: QWidget | None = None
        self._left_folded = False
        self._right_folded = False
        self._right_wanted = True
        self._overlay_open = False
        self._overlaid = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.rail)
        self._row.addWidget(self.left)
        self._row.addWidget(self.centre, 1)
        self.left.currentChanged.connect(self.arrange)
        theme.changed.connect(self.arrange)

    def set_right(self, panel: QWidget) -> None:
        self._right = panel
        self._row.addWidget(panel)
        self.arrange()

    @property
    def left_folded(self) -> bool:
        return self._left_folded

    @property
    def right_folded(self) -> bool:
        return self._right_folded

    @property
    def overlaid(self) -> bool:
        """True while the window is too narrow for the right column to stand beside."""
        return self._overlaid

    def restore(self, *, left_folded: bool, right_folded: bool) -> None:
        """Fold as it was; where the right column lies over the others it starts closed."""
        self._left_folded, self._right_folded = left_folded, right_folded
        self.arrange()

    def fold_left(self, folded: bool) -> None:
        self._left_folded = folded
        self.arrange()

    def fold_right(self, folded: bool) -> None:
        """Fold the right column; where it lies over the others, open or close it."""
        if self._overlaid:
            self._overlay_open = not folded
        else:
            self._right_folded = folded
        self.arrange()

    def right_shown(self) -> bool:
        if not self._right_wanted:
            return False
        return self._overlay_open if self._overlaid else not self._right_folded

    def want_right(self, wanted: bool) -> None:
        """Whether what is in the centre has a right column at all."""
        self._right_wanted = wanted
        self.arrange()

    def arrange(self) -> None:
        """Give every column its place and width."""
        first_page = self.left.currentIndex() <= 0
        self.left.setFixedWidth(self._scaled(SIDEBAR_WIDTH if first_page else SETTINGS_LIST_WIDTH))
        self.left.setVisible(not self._left_folded)
        self.rail.setVisible(self._left_folded)
        if self._right is None:
            return
        narrow = self.width() < self._theme.px(OVERLAY_BELOW_WIDTH)
        if narrow != self._overlaid:
            self._set_overlaid(narrow)
        width = min(self._scaled(SOURCES_WIDTH), self.width())
        self._right.setFixedWidth(width)
        if self._overlaid:
            left = 0 if self.isRightToLeft() else self.width() - width
            self._right.setGeometry(QRect(left, 0, width, self.height()))
            self._right.raise_()
        self._right.setVisible(self.right_shown())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def _set_overlaid(self, narrow: bool) -> None:
        assert self._right is not None
        self._overlaid = narrow
        self._overlay_open = False
        if narrow:
            self._row.removeWidget(self._right)
            self._right.setParent(self)
        else:
            self._row.addWidget(self._right)

    def _scaled(self, width: int) -> int:
        return round(width * min(max(self._theme.font_percent, 100), _WIDEST_PERCENT) / 100)
