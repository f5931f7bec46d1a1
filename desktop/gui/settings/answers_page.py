"""How answers are made in general: passages, wording, length; the rest folded away."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.engine import SamplerPreset, preset_of, preset_sampler
from desktop.domain.errors import CarrelError
from desktop.gui.preset_chips import PresetChips, preset_words
from desktop.gui.settings.fields import Field
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.sampler_fields import answer_fields, draw_fields
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.settings.values_page import hairline
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.fold import Fold
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class AnswersPage(SettingsPage):
    """What is moved is in force at once, for every model and chat without a choice of its own."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self.header.title.setText(self.tr("Answers"))
        self.setAccessibleName(self.tr("Answers"))
        self._preferences = assistant.preferences
        self._theme = theme
        self.rows = [self._row(field) for field in answer_fields()]
        self._drawn: list[SettingRow] = []
        self.presets = PresetChips(theme)
        self.presets.chosen.connect(self._take_preset)
        self.advanced = Fold(theme, self.tr("Advanced"), self._make_advanced)
        card = self._card(self.rows)
        layout = card.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self._temperature) + 1, self.presets)
        self.column.addWidget(card)
        self.column.addWidget(self.advanced)
        note = self.tr("A model may have its own in Models, and a chat under its model's name.")
        self.column.addWidget(Label(note, size=12, tone="mute", wrap=True))
        self._temperature.sliding.connect(self._say_temperature)
        for row in self.rows:
            row.changed.connect(self.refresh)
        self.refresh()

    @property
    def _temperature(self) -> SettingRow:
        return next(row for row in self.rows if row.path[-1] == "temperature")

    def refresh(self) -> None:
        for row in (*self.rows, *self._drawn):
            row.refresh()
        sampler = self._preferences.settings().answers.sampler
        self.presets.show_sampler(sampler)
        self._say_temperature(sampler.temperature)

    def _say_temperature(self, temperature: float) -> None:
        sampler = replace(self._preferences.settings().answers.sampler, temperature=temperature)
        self._temperature.say_value(f"{temperature:.1f} · {preset_words(preset_of(sampler))}")

    def _take_preset(self, preset: SamplerPreset) -> None:
        settings = self._preferences.settings()
        sampler = preset_sampler(preset, settings.answers.sampler)
        with suppress(CarrelError):
            answers = replace(settings.answers, sampler=sampler)
            self._preferences.change(replace(settings, answers=answers))
        self.refresh()

    def _make_advanced(self) -> QWidget:
        self._drawn = [self._row(field) for field in draw_fields()]
        for row in self._drawn:
            row.changed.connect(self.refresh)
        return self._card(self._drawn)

    def _row(self, field: Field) -> SettingRow:
        return SettingRow(self._theme, field, self._preferences.settings, self._preferences.change)

    def _card(self, rows: Sequence[SettingRow]) -> Card:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(14)
        for number, row in enumerate(rows):
            if number:
                column.addWidget(hairline())
            column.addWidget(row)
        return card
