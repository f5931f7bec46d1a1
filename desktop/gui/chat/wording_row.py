"""How freely answers are worded in one chat: a preset or a temperature, or as for all chats."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.engine import SamplerPreset, SamplerSettings, preset_of, preset_sampler
from desktop.gui.preset_chips import PresetChips, preset_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.still_slider import StillSlider

_HOTTEST, _STEPS = 1.5, 10  # as in the settings
_SETTLED_MS = 150


class WordingRow(QWidget):
    """`chosen` carries the sampler of this chat, None for the one of all chats."""

    chosen = Signal(object)  # SamplerSettings or None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sampler = SamplerSettings()
        self._own = False
        self._words = Label(size=13, tone="mute")
        self.presets = PresetChips(theme)
        self.presets.chosen.connect(self._take_preset)
        self.slider = StillSlider()
        self.slider.setRange(0, round(_HOTTEST * _STEPS))
        self.slider.setAccessibleName(self.tr("Temperature in this chat"))
        self.slider.valueChanged.connect(self._slid)
        self.reset = Button(self.tr("As in all chats"), "inline")
        self.reset.clicked.connect(lambda: self._take(None))
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(lambda: self._take(self._sampler))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 12, 6)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(Label(self.tr("Wording in this chat"), size=13, weight=600))
        top.addStretch(1)
        top.addWidget(self._words)
        column.addLayout(top)
        column.addWidget(self.presets)
        column.addWidget(self.slider)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeading)

    def show_sampler(self, own: SamplerSettings | None, general: SamplerSettings) -> None:
        """What this chat draws with; `own` None follows all chats."""
        self._own = own is not None
        self._sampler = own or general
        self._show()

    def _show(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(self._sampler.temperature * _STEPS))
        self.slider.blockSignals(False)
        self.presets.show_sampler(self._sampler)
        self.reset.setVisible(self._own)
        word = preset_words(preset_of(self._sampler))
        self._words.setText(f"{self._sampler.temperature:.1f} · {word}")

    def _slid(self, position: int) -> None:
        self._sampler = replace(self._sampler, temperature=position / _STEPS)
        self._own = True
        self._show()
        self._settled.start()

    def _take_preset(self, preset: SamplerPreset) -> None:
        self._take(preset_sampler(preset, self._sampler))

    def _take(self, sampler: SamplerSettings | None) -> None:
        self._settled.stop()
        if sampler is not None:
            self._sampler, self._own = sampler, True
            self._show()
        self.chosen.emit(sampler)
