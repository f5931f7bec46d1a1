"""The one search box: keys go on into the results."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import KeyCap


class SearchField(QLineEdit):
    """Down moves into the results, Enter opens the first one, Esc clears."""

    down_pressed = Signal()
    cleared = Signal()

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setMaxLength(1000)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keys = KeyCap(keys, self)
        self.textChanged.connect(lambda text: self._keys.setVisible(not text))

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._theme.px(34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._keys.sizeHint()
        left = 8 if self.isRightToLeft() else self.width() - size.width() - 10
        self._keys.setGeometry(
            left, (self.height() - size.height()) // 2, size.width(), size.height()
        )
