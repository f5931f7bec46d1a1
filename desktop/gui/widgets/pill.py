"""A round chip with a word in it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.gui.widgets.restyle import set_style_property

PillKind = Literal["plain", "good", "warn", "bad"]


class Pill(QLabel):
    """States one fact; its colour only repeats what the word says."""

    def __init__(self, text: str, kind: PillKind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_fact(self, text: str, kind: PillKind) -> None:
        """Show another fact in the same place."""
        self.setText(text)
        set_style_property(self, "kind", kind)
