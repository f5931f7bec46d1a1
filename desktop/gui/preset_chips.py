"""The presets of how an answer is worded, as round buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from desktop.domain.engine import SamplerPreset, SamplerSettings, preset_of
from desktop.gui.theme import Theme
from desktop.gui.widgets.choice_pill import ChoicePill
from desktop.gui.widgets.flow import FlowLayout


class PresetChips(QWidget):
    """None is checked while a person draws with numbers of their own."""

    chosen = Signal(object)  # SamplerPreset

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[SamplerPreset, ChoicePill] = {}
        self._group = QButtonGroup(self)
        row = FlowLayout(self, spacing=6)
        for preset in SamplerPreset:
            chip = ChoicePill(theme, preset_words(preset))
            chip.setAccessibleName(self.tr("Wording: {0}").format(preset_words(preset)))
            chip.clicked.connect(lambda _=False, each=preset: self.chosen.emit(each))
            self._group.addButton(chip)
            row.addWidget(chip)
            self.chips[preset] = chip

    def show_sampler(self, sampler: SamplerSettings) -> None:
        drawn = preset_of(sampler)
        self._group.setExclusive(False)
        for preset, chip in self.chips.items():
            chip.setChecked(preset is drawn)
        self._group.setExclusive(True)


def preset_words(preset: SamplerPreset | None) -> str:
    """A preset by name; None is a draw of one's own."""
    return {
        SamplerPreset.PRECISE: _tr("Precise"),
        SamplerPreset.BALANCED: _tr("Balanced"),
        SamplerPreset.CREATIVE: _tr("Creative"),
        None: _tr("Own"),
    }[preset]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Presets", text)
