"""How one model is run, as sliders: context, GPU layers, temperature; the rest folded away."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.engine import (
    Device,
    EnginePlan,
    FitRemedy,
    MemoryFit,
    SamplerPreset,
    preset_of,
    preset_sampler,
)
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry
from desktop.domain.settings import Settings
from desktop.gui.amounts import memory_words
from desktop.gui.model_words import fit_pill
from desktop.gui.preset_chips import PresetChips, preset_words
from desktop.gui.settings.engine_fields import Chosen, context_field, layers_field
from desktop.gui.settings.fields import NumberField, with_value
from desktop.gui.settings.models.advanced_settings import AdvancedSettings
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.sampler_fields import temperature_field
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.fold import Fold

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class RunSettings(QWidget):
    """Everything applies at once, to this model alone; the next question loads it so."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        entry: ModelEntry,
        lens: ChoicesLens,
        *,
        devices: tuple[Device, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._entry = entry
        self._devices = devices
        self._has_gpu = any(device.computes_graphics for device in devices)
        self.lens = lens
        fit = self._fit()
        self.context = self._row(context_field(entry.context_tokens, _chosen(fit)))
        self.layers = self._row(layers_field(self._all_layers(), _chosen(fit)))
        self.temperature = self._row(temperature_field())
        self.presets = PresetChips(theme)
        self.remedy = Button(self.tr("Make it fit"))
        self._advice: FitRemedy | None = None
        self.advanced = Fold(theme, self.tr("Advanced"), self._make_advanced)
        self._rows: AdvancedSettings | None = None
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the choices in force, and whether the model fits with them."""
        fit = self._fit()
        self.context.set_field(context_field(self._entry.context_tokens, _chosen(fit)))
        self.layers.set_field(layers_field(self._all_layers(), _chosen(fit)))
        self.temperature.refresh()
        self.presets.show_sampler(self.lens.sampler)
        self._say_temperature(self.lens.sampler.temperature)
        self._say_fit(fit)
        if self._rows is not None:
            self._rows.refresh()

    def _row(self, field: NumberField) -> SettingRow:
        return SettingRow(
            self._theme,
            field,
            self.lens.settings,
            self.lens.change,
            defaults=self.lens.general,
            brief=True,
        )

    def _connect(self) -> None:
        for row in (self.context, self.layers):
            row.sliding.connect(lambda value, path=row.path: self._try_fit(path, value))
        self.temperature.sliding.connect(self._say_temperature)
        self.presets.chosen.connect(self._take_preset)
        self.remedy.clicked.connect(self._take_remedy)

    def _fit(self, settings: Settings | None = None) -> MemoryFit | None:
        try:
            return self.lens.fit((settings or self.lens.settings()).engine)
        except CarrelError:
            return None

    def _try_fit(self, path: tuple[str, ...], value: object) -> None:
        """While a slider moves: what the model would need there."""
        self._say_fit(self._fit(with_value(self.lens.settings(), path, value)))

    def _say_fit(self, fit: MemoryFit | None) -> None:
        self._advice = fit.remedy if fit is not None and not fit.fits else None
        self.remedy.setVisible(self._advice is not None)
        if fit is None:
            return
        if fit.fits:
            words = self.tr("Cache {size} GB · more context needs more memory")
            self.context.say(words.format(size=memory_words(fit.needed.kv_cache)))
        else:
            self.context.say(fit_pill(fit, 0)[0], "bad")
        if self._advice is not None:
            self.remedy.setText(_remedy_words(self._advice))
            self.remedy.setAccessibleName(self.remedy.text())

    def _say_temperature(self, temperature: float) -> None:
        sampler = replace(self.lens.sampler, temperature=temperature)
        word = preset_words(preset_of(sampler))
        self.temperature.say_value(f"{temperature:.1f} · {word}")

    def _take_preset(self, preset: SamplerPreset) -> None:
        settings = self.lens.settings()
        sampler = preset_sampler(preset, settings.answers.sampler)
        answers = replace(settings.answers, sampler=sampler)
        with suppress(CarrelError):
            self.lens.change(replace(settings, answers=answers))
        self.presets.show_sampler(self.lens.sampler)

    def _take_remedy(self) -> None:
        if self._advice is not None:
            path = ("engine", self._advice.setting)
            with suppress(CarrelError):
                self.lens.change(with_value(self.lens.settings(), path, self._advice.value))

    def _plan(self) -> EnginePlan | None:
        running = self._assistant.models.running
        current = running.current()
        return running.plan() if current is not None and current.id == self._entry.id else None

    def _all_layers(self) -> int:
        plan = self._plan()
        return plan.all_layers if plan is not None else self._entry.shape.layers

    def _make_advanced(self) -> QWidget:
        chosen = replace(_chosen(self._fit()), plan=self._plan(), devices=self._devices)
        self._rows = AdvancedSettings(self._assistant, self._theme, self.lens, chosen)
        return self._rows

    def _lay_out(self) -> None:
        self.layers.control.setEnabled(self._has_gpu)
        self.layers.say(
            self.tr("More layers on the GPU answer faster and need its memory.")
            if self._has_gpu
            else self.tr("No GPU was found; the processor computes all of them.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        context = QVBoxLayout()
        context.setSpacing(6)
        context.addWidget(self.context)
        context.addWidget(self.remedy)
        column.addLayout(context)
        column.addWidget(self.layers)
        wording = QVBoxLayout()
        wording.setSpacing(8)
        wording.addWidget(self.temperature)
        wording.addWidget(self.presets)
        column.addLayout(wording)
        column.addWidget(self.advanced)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)


def _chosen(fit: MemoryFit | None) -> Chosen:
    return Chosen(fit.context_tokens, fit.gpu_layers) if fit is not None else Chosen()


def _remedy_words(remedy: FitRemedy) -> str:
    value = f"{remedy.value:,}" if isinstance(remedy.value, int) else str(remedy.value)
    return _remedies().get(remedy.setting, "{value}").format(value=value)


def _remedies() -> dict[str, str]:
    return {
        "context_tokens": _tr("Use a context of {value}"),
        "gpu_layers": _tr("Use {value} GPU layers"),
        "kv_type": _tr("Keep the context in {value} numbers"),
        "device": _tr("Compute on {value}"),
        "batch_tokens": _tr("Read {value} tokens at once"),
        "memory_map": _tr("Turn the memory map {value}"),
        "flash_attention": _tr("Turn flash attention {value}"),
    }
