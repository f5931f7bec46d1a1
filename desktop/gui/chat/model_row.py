"""A model in the menu of the chat: its name, whether it fits, and whether it answers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import ElidedLabel, Label

_TICK = 14


class ModelRow(Button):
    """A button as wide as the menu; the one in force is ticked."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        detail: str,
        tone: str = "mute",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", "row", parent)
        self._theme = theme
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name}, {detail}" if detail else name)
        self._row = QHBoxLayout(self)
        tick, end = theme.px(32), 12
        if self.isRightToLeft():
            tick, end = end, tick
        self._row.setContentsMargins(tick, 0, end, 0)
        self._row.setSpacing(16)
        self._row.addWidget(_through(ElidedLabel(name, size=13)), 1)
        self._row.addWidget(_through(Label(detail, size=12, tone=tone)))

    def sizeHint(self) -> QSize:
        return QSize(self._row.sizeHint().width(), self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        side = self._theme.px(_TICK)
        left = self.width() - side - 10 if self.isRightToLeft() else 10
        icon = self._theme.icon("check", "acc")
        icon.paint(QPainter(self), left, (self.height() - side) // 2, side, side)


def _through(label: Label) -> Label:
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
