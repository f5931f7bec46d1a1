"""Colours and text size, applied while one looks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.errors import StorageError
from desktop.domain.settings import Settings
from desktop.domain.settings import Theme as ThemeChoice
from desktop.gui.settings.fields import full_range
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.settings.values_page import hairline
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class AppearancePage(SettingsPage):
    """Theme and text size."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self.header.title.setText(self.tr("Appearance"))
        self.setAccessibleName(self.tr("Appearance"))
        self._assistant = assistant
        self._theme = theme
        self.choices: dict[ThemeChoice, Button] = {}
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(14)
        column.addLayout(self._theme_row())
        column.addWidget(hairline())
        field = full_range(
            ("appearance", "font_percent"),
            self.tr("Text size"),
            self.tr("Everything in the window grows and shrinks with it."),
            10,
            "%",
        )
        self.size_row = SettingRow(theme, field, assistant.preferences.settings, self._change)
        column.addWidget(self.size_row)
        self.column.addWidget(card)
        self.refresh()

    def refresh(self) -> None:
        chosen = self._assistant.preferences.settings().appearance.theme
        self.choices[chosen].setChecked(True)
        self.size_row.refresh()

    def _theme_row(self) -> QVBoxLayout:
        names = {
            ThemeChoice.SYSTEM: self.tr("Like the system"),
            ThemeChoice.LIGHT: self.tr("Light"),
            ThemeChoice.DARK: self.tr("Dark"),
        }
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for choice, name in names.items():
            button = Button(name, "chip")
            button.setCheckable(True)
            button.setAccessibleName(self.tr("Colours: {name}").format(name=name))
            button.clicked.connect(lambda _=False, chosen=choice: self._choose(chosen))
            group.addButton(button)
            row.addWidget(button)
            self.choices[choice] = button
        row.addStretch(1)
        row.addWidget(Label(self.tr("Default: like the system"), size=12, tone="mute"))
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Colours"), size=13, weight=600))
        column.addLayout(row)
        return column

    def _choose(self, choice: ThemeChoice) -> None:
        settings = self._assistant.preferences.settings()
        with suppress(StorageError):
            self._change(replace(settings, appearance=replace(settings.appearance, theme=choice)))

    def _change(self, settings: Settings) -> None:
        # Shown even where it cannot be kept: a full disk is no reason for small type.
        self._theme.apply(settings.appearance)
        self._assistant.preferences.change(settings)
