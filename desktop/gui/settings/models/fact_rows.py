"""Rows of a name and a value, with small buttons behind the value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.gui.fonts import mono_font
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import ElidedLabel, Label, plain_tool_tip

_NAMES_WIDTH = 118


class FactRows(QWidget):
    """Two columns; a value that does not fit is shortened in its middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, min(theme.px(_NAMES_WIDTH), 190))

    def add(
        self,
        name: str,
        value: str,
        buttons: Sequence[Button] = (),
        *,
        mono: bool = False,
        wrap: bool = False,
        full: str = "",
        after: str = "",
    ) -> Label:
        """`full` is what a shortened value stands for, `after` what is said of it."""
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(Label(name, size=13, tone="mute"), row, 0, top)
        middle = Qt.TextElideMode.ElideMiddle
        shown = (
            Label(value, size=13, wrap=True) if wrap else ElidedLabel(value, size=13, mode=middle)
        )
        shown.setAccessibleName(f"{name}: {full or value}")
        if mono:
            shown.setStyleSheet(f"font-family: '{mono_font(12).family()}';")
        if full:
            shown.setToolTip(plain_tool_tip(full))
        if not buttons and not after:
            self._grid.addWidget(shown, row, 1)
            return shown
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(shown)
        if after:
            line.addWidget(Label(after, size=13))
        for button in buttons:
            line.addWidget(button)
        line.addStretch(1)
        self._grid.addLayout(line, row, 1)
        return shown


def inline(text: str, name: str = "") -> Button:
    """A button that stands in a line of text; `name` says in full what it does."""
    button = Button(text, "inline")
    button.setAccessibleName(name or text)
    return button
