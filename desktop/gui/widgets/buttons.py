"""Buttons in the window's few kinds."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.gui.theme import Theme

ButtonKind = Literal[
    "primary", "secondary", "quiet", "chip", "link", "icon", "inline", "row", "pill", "fold"
]


class Button(QPushButton):
    """A button of one kind; an icon follows the theme.

    It takes the focus by keyboard only, so that its ring shows where the keys are and does not
    flash at every click.
    """

    def __init__(
        self, text: str, kind: ButtonKind = "secondary", parent: QWidget | None = None
    ) -> None:
        # A single & would become a mnemonic and vanish from names of files and models.
        super().__init__(text.replace("&", "&&"), parent)
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if text:
            self.setAccessibleName(text)

    def set_icon(self, theme: Theme, name: str, tone: str = "mute", size: int = 16) -> None:
        """Draw the icon now and again whenever the theme changes."""

        def draw() -> None:
            self.setIcon(theme.icon(name, tone))
            self.setIconSize(QSize(theme.px(size), theme.px(size)))

        draw()
        theme.changed.connect(draw)
        self.destroyed.connect(lambda: theme.changed.disconnect(draw))


class TabButton(QPushButton):
    """One of a panel's tabs: checked, it is underlined."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
