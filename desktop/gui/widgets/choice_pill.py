"""A round button that is one of several choices, wide enough for its bold state."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button


class ChoicePill(Button):
    """Checked, its words are bold; the width is that of the bold words in either state."""

    def __init__(self, theme: Theme, text: str = "") -> None:
        super().__init__(text, "chip")
        self._theme = theme
        self.setCheckable(True)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        bold = QFontMetrics(self._theme.font(12, 600))
        words = self.text().replace("&&", "&")
        return QSize(bold.horizontalAdvance(words) + 24, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
