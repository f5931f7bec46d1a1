"""The LoRA adapters laid over a model: how strongly, and the way to add and remove one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.domain.engine import AdapterUse
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry, ModelStatus
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.models.fact_rows import FactRows, inline
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.still_slider import StillSlider

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

Change = Callable[[AdapterUse, float | None], None]
_STEPS = 20  # of a strength of 1
_MOST = 2 * _STEPS
_SETTLED_MS = 200


class AdapterRows(QWidget):
    """One row for each adapter in use; the choices are changed at once."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        entry: ModelEntry,
        lens: ChoicesLens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._entry = entry
        self._lens = lens
        self.menu = QMenu(self)
        self.add_button = inline(self.tr("Add LoRA…"), self.tr("Lay an adapter over the model"))
        self.add_button.clicked.connect(self._open_menu)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        head = FactRows(theme)
        self._words = head.add(self.tr("Adapter"), "", (self.add_button,))
        self._column.addWidget(head)
        self._rows: dict[str, _AdapterRow] = {}
        self.refresh()

    def refresh(self) -> None:
        """Show the adapters in use; a row that stays keeps its focus."""
        used = self._lens.choices.adapters
        words = self.tr("none") if not used else self.tr("{n} in use").format(n=len(used))
        self._words.setText(words)
        ids = {use.model_id for use in used}
        for gone in [model_id for model_id in self._rows if model_id not in ids]:
            row = self._rows.pop(gone)
            row.hide()
            row.deleteLater()
        for use in used:
            if use.model_id not in self._rows:
                row = _AdapterRow(self._name(use.model_id), use, self._change)
                self._rows[use.model_id] = row
                self._column.addWidget(row)

    def offers(self) -> list[ModelEntry]:
        """Adapters made for models like this one that are not in use."""
        used = {use.model_id for use in self._lens.choices.adapters}
        return [
            adapter
            for adapter in self._assistant.models.register.adapters()
            if adapter.status is ModelStatus.READY
            and adapter.id not in used
            and adapter.base_architecture in ("", self._entry.architecture)
        ]

    def lay_over(self, model_id: str) -> None:
        self._put((*self._lens.choices.adapters, AdapterUse(model_id)))

    def _open_menu(self) -> None:
        self.menu.clear()
        for adapter in self.offers():
            action = self.menu.addAction(adapter.name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, one=adapter.id: self.lay_over(one))
        if self.menu.isEmpty():
            words = self.tr("No adapter for this kind of model is here; import one first.")
            self.menu.addAction(words).setEnabled(False)
        self.menu.popup(self.add_button.mapToGlobal(QPoint(0, self.add_button.height() + 4)))

    def _change(self, use: AdapterUse, strength: float | None) -> None:
        """Another strength, or None to take the adapter off."""
        kept = [
            replace(each, strength=strength)
            if strength is not None and each.model_id == use.model_id
            else each
            for each in self._lens.choices.adapters
            if strength is not None or each.model_id != use.model_id
        ]
        self._put(tuple(kept))

    def _put(self, adapters: tuple[AdapterUse, ...]) -> None:
        with suppress(CarrelError):
            self._lens.choose(replace(self._lens.choices, adapters=adapters))

    def _name(self, model_id: str) -> str:
        entry = self._assistant.models.register.entry(model_id)
        return entry.name if entry is not None else model_id


class _AdapterRow(QWidget):
    """A name, a strength from 0 to 2, and the way to take it off."""

    def __init__(self, name: str, use: AdapterUse, change: Change) -> None:
        super().__init__()
        self._use = use
        self._change = change
        self._value = Label(f"{use.strength:.2f}", size=13, tone="mute")
        self.slider = StillSlider()
        self.slider.setRange(0, _MOST)
        self.slider.setValue(round(use.strength * _STEPS))
        self.slider.setAccessibleName(self.tr("Strength of {name}").format(name=name))
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._apply)
        self.slider.valueChanged.connect(self._slid)
        remove = inline(self.tr("Remove"), self.tr("Take off {name}").format(name=name))
        remove.clicked.connect(lambda: change(use, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(name, size=13, weight=500), 1)
        top.addWidget(self._value)
        top.addWidget(remove)
        column.addLayout(top)
        column.addWidget(self.slider)

    def _slid(self, position: int) -> None:
        self._value.setText(f"{position / _STEPS:.2f}")
        self._settled.start()

    def _apply(self) -> None:
        self._change(self._use, self.slider.value() / _STEPS)
