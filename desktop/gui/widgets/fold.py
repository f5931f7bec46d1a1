"""A heading that shows and hides what stands below it; it is built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button


class Fold(QWidget):
    """Closed at first."""

    toggled = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        title: str,
        make: Callable[[], QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._make = make
        self._body: QWidget | None = None
        self.head = Button(title, "fold")
        self.head.setCheckable(True)
        self.head.toggled.connect(self._show)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.head)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def is_open(self) -> bool:
        return self.head.isChecked()

    def open(self) -> None:
        self.head.setChecked(True)

    def remake(self) -> None:
        """Build what stands below anew, if it was built."""
        if self._body is None:
            return
        self._column.removeWidget(self._body)
        self._body.hide()
        self._body.deleteLater()
        self._body = None
        self._show(self.is_open)

    def _show(self, shown: bool) -> None:
        if shown and self._body is None:
            self._body = self._make()
            self._column.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(shown)
        self._draw()
        self.toggled.emit(shown)

    def _draw(self) -> None:
        name = "chevron-down" if self.is_open else "chevron-right"
        self.head.setIcon(self._theme.icon(name))
        self.head.setIconSize(QSize(self._theme.px(14), self._theme.px(14)))
