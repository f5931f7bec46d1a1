"""A page of plain settings: one card, one row for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.gui.settings.fields import Field
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ValuesPage(SettingsPage):
    """Answers and Documents: what is moved is in force at once."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        title: str,
        fields: Sequence[Field],
        note: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, parent=parent)
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(14)
        self.rows = [
            SettingRow(theme, field, assistant.preferences.settings, assistant.preferences.change)
            for field in fields
        ]
        for number, row in enumerate(self.rows):
            if number:
                column.addWidget(hairline())
            column.addWidget(row)
        self.column.addWidget(card)
        if note:
            self.column.addWidget(Label(note, size=12, tone="mute", wrap=True))

    def refresh(self) -> None:
        for row in self.rows:
            row.refresh()


def hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line
