"""The bar over a column: title on the left, controls on the right."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from desktop.gui.theme import Theme
from desktop.gui.tokens import HEADER_HEIGHT
from desktop.gui.widgets.labels import ElidedLabel, Label


class Header(QFrame):
    """A title with widgets after it; what is added with `add_right` stands at the far end."""

    def __init__(
        self,
        theme: Theme,
        title: str = "",
        parent: QWidget | None = None,
        *,
        elide: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 0, 20, 0)
        self._row.setSpacing(10)
        kind = ElidedLabel if elide else Label
        self.title = kind(title, size=15, weight=600)
        self._row.addWidget(self.title)
        self._left_count = 1
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._scale()
        theme.changed.connect(self._scale)

    def add_left(self, widget: QWidget) -> None:
        """Put a widget after the title."""
        self._row.insertWidget(self._left_count, widget)
        self._left_count += 1

    def add_right(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def _scale(self) -> None:
        self.setFixedHeight(self._theme.px(HEADER_HEIGHT))
