"""One model of the register: what it is, what was checked, and the thing to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.engine import Device
from desktop.domain.models import ModelEntry, ModelStatus
from desktop.gui.settings.model_words import fact_pills, facts_line, fits
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.pill import Pill


class ModelCard(Card):
    """A click shows the details; the button uses, unloads or removes."""

    use_wanted = Signal(str)
    unload_wanted = Signal()
    remove_wanted = Signal(str)

    def __init__(
        self,
        entry: ModelEntry,
        *,
        in_use: bool,
        verified: bool,
        processor: Device | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, clickable=True)
        self.entry = entry
        self.setAccessibleName(entry.name)
        self.setAccessibleDescription(facts_line(entry))
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 15, 13)
        column.setSpacing(9)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(ElidedLabel(entry.name, size=15, weight=600))
        if in_use:
            top.addWidget(Pill(self.tr("In use"), "good"))
        if entry.included:
            top.addWidget(Pill(self.tr("Included")))
        top.addStretch(1)
        self.button = self._button(in_use, processor)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(Label(facts_line(entry), size=13, tone="mute", wrap=True))
        pills = FlowLayout(spacing=8)
        for text, kind in fact_pills(entry, processor, verified):
            pills.addWidget(Pill(text, kind))
        column.addLayout(pills)

    def _button(self, in_use: bool, processor: Device | None) -> Button:
        entry = self.entry
        if entry.status is not ModelStatus.READY and not entry.included:
            button = Button(self.tr("Remove"))
            button.clicked.connect(lambda: self.remove_wanted.emit(entry.id))
        elif in_use:
            button = Button(self.tr("Unload"))
            button.clicked.connect(self.unload_wanted)
        else:
            button = Button(self.tr("Use"))
            button.setEnabled(entry.status is ModelStatus.READY and fits(entry, processor))
            button.clicked.connect(lambda: self.use_wanted.emit(entry.id))
        button.setAccessibleName(f"{button.text()} {entry.name}")
        return button
