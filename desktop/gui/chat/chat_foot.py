"""What stands under the conversation: notices, what is on its way, and the composer."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.chat.reading_column import ReadingColumn
from desktop.gui.theme import Theme


class ChatFoot(ReadingColumn):
    """As wide as the conversation's text, and a little more."""

    def __init__(self, theme: Theme, *lines: QWidget) -> None:
        super().__init__(theme, extra=16)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 18)
        column.setSpacing(8)
        for line in lines:
            column.addWidget(line)
        self.set_layout(column)
