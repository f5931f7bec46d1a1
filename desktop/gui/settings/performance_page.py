"""How models run on this machine in general, and what was measured of the one in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.assistant.events import EngineTuned, Event, Finished, JobId, ModelLoaded
from desktop.domain.engine import Device, EnginePlan
from desktop.domain.errors import CarrelError
from desktop.gui.settings.engine_fields import (
    Chosen,
    context_field,
    engine_fields,
    idle_field,
    kept_states_field,
    layers_field,
)
from desktop.gui.settings.fields import Field
from desktop.gui.settings.models.how_it_runs import HowItRuns
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.settings.values_page import hairline
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class PerformancePage(SettingsPage):
    """The figures above, the settings of all models that have none of their own below."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self.header.title.setText(self.tr("Performance"))
        self.setAccessibleName(self.tr("Performance"))
        self._assistant = assistant
        self._theme = theme
        self._measuring: JobId | None = None
        self._devices: tuple[Device, ...] = ()
        self.figures: HowItRuns | None = None
        self._head = Label(size=14, weight=600, wrap=True)
        self._figures_card = Card()
        self._figures_column = QVBoxLayout(self._figures_card)
        self._figures_column.setContentsMargins(18, 16, 18, 16)
        self._figures_column.setSpacing(10)
        self._figures_column.addWidget(self._head)
        self.column.addWidget(self._figures_card)
        self.rows = [self._row(field) for field in self._fields()]
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(14)
        for number, row in enumerate(self.rows):
            if number:
                column.addWidget(hairline())
            column.addWidget(row)
        self.column.addWidget(card)
        note = self.tr(
            "For every model without a choice of its own in Models. A change loads the model anew "
            "with the next question."
        )
        self.column.addWidget(Label(note, size=12, tone="mute", wrap=True))
        self._listing = assistant.machine.devices()
        self.refresh()

    def refresh(self) -> None:
        """Show the settings in force and the figures of the model in memory."""
        for row, field in zip(self.rows, self._fields(), strict=True):
            row.set_field(field)
        has_gpu = any(device.computes_graphics for device in self._devices)
        self.rows[1].control.setEnabled(has_gpu)  # GPU layers
        current = self._assistant.models.running.current()
        self._head.setText(current.name if current else self.tr("No model is in memory."))
        if self.figures is not None:
            self._figures_column.removeWidget(self.figures)
            self.figures.hide()
            self.figures.deleteLater()
            self.figures = None
        if current is not None:
            self.figures = HowItRuns(self._assistant, self._theme, current)
            self.figures.tune_wanted.connect(self._tune)
            self.figures.measure_wanted.connect(self._measure)
            self._figures_column.addWidget(self.figures)
            self._show_measuring()

    def show_event(self, event: object) -> None:
        if not isinstance(event, Event):
            return
        if isinstance(event.body, ModelLoaded | EngineTuned):
            self.refresh()
        if event.job == self._listing and isinstance(event.body, Finished):
            found = event.body.result
            self._devices = tuple(found) if isinstance(found, list) else ()
            self.refresh()
        if event.job == self._measuring and event.closing:
            self._measuring = None
            self.refresh()

    def _tune(self) -> None:
        current = self._assistant.models.running.current()
        if current is not None and self._measuring is None:
            self._measuring = self._assistant.models.running.tune(current.id)
            self._show_measuring()

    def _measure(self) -> None:
        current = self._assistant.models.running.current()
        if current is not None and self._measuring is None:
            self._measuring = self._assistant.models.running.bench(current.id)
            self._show_measuring()

    def _show_measuring(self) -> None:
        if self.figures is not None:
            self.figures.set_measuring(self._measuring is not None)

    def _row(self, field: Field) -> SettingRow:
        preferences = self._assistant.preferences
        return SettingRow(self._theme, field, preferences.settings, preferences.change)

    def _fields(self) -> tuple[Field, ...]:
        running = self._assistant.models.running
        current, plan = running.current(), running.plan()
        chosen = Chosen(plan=plan, devices=self._devices)
        layers = 99
        if current is not None:
            layers = current.shape.layers or layers
            chosen = self._chosen_for(current.id, plan)
        if plan is not None:
            layers = plan.all_layers
        return (
            context_field(0, chosen),
            layers_field(layers, chosen),
            *engine_fields(chosen),
            idle_field(),
            kept_states_field(),
        )

    def _chosen_for(self, model_id: str, plan: EnginePlan | None) -> Chosen:
        try:
            fit = self._assistant.models.options.fit(model_id)
        except CarrelError:
            return Chosen(plan=plan, devices=self._devices)
        return Chosen(fit.context_tokens, fit.gpu_layers, plan, self._devices)
