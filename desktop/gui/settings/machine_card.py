"""What this computer is, and how much memory is in use."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.engine import Device
from desktop.domain.machine import MachineStatus
from desktop.gui.amounts import memory_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.progress import ProgressLine

_METER_WIDTH = 240


class MachineCard(Card):
    """Processor, backend and memory."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._devices: Sequence[Device] = ()
        self._name = ElidedLabel(size=15, weight=600)
        self._backend = ElidedLabel(size=13, tone="mute")
        self._used = Label(size=12, tone="mute")
        self._meter = ProgressLine(self.tr("Memory in use"))
        self._meter_box = QWidget()
        meter = QVBoxLayout(self._meter_box)
        meter.setContentsMargins(0, 4, 0, 4)
        meter.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(ElidedLabel(self.tr("Memory in use"), size=12, tone="mute"), 1)
        line.addWidget(self._used)
        meter.addLayout(line)
        meter.addWidget(self._meter)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 13, 15, 13)
        row.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._name)
        words.addWidget(self._backend)
        row.addLayout(words, 3)
        row.addWidget(self._meter_box, 2)
        self._scale()
        theme.changed.connect(self._scale)

    def show_devices(self, devices: Sequence[Device]) -> None:
        self._devices = devices

    def show_status(self, status: MachineStatus) -> None:
        total = memory_words(status.memory_total_bytes, 0)
        processor = next((d for d in self._devices if d.kind == "cpu"), None)
        # A description goes on with threads and instructions, which stand elsewhere here.
        name = processor.description.partition(",")[0] if processor else ""
        name = name or self.tr("This computer")
        cores = self.tr("{n} threads").format(n=os.cpu_count() or 1)
        memory = self.tr("{n} GB memory").format(n=total)
        self._name.setText(" · ".join((name, cores, memory)))
        self._backend.setText(self._backend_words(status.backend))
        used = self.tr("{used} of {total} GB")
        self._used.setText(used.format(used=memory_words(status.memory_used_bytes), total=total))
        self._meter.set_share(status.memory_used_bytes / max(1, status.memory_total_bytes))

    def _backend_words(self, backend: str) -> str:
        place, _, instructions = backend.partition(", ")
        if instructions:
            backend = f"{place} ({instructions})"
        words = self.tr("Backend: {name}.").format(name=backend) if backend else ""
        if self._devices:
            graphics = [d.description or d.name for d in self._devices if "gpu" in d.kind]
            found = (
                self.tr("Found: {names}.").format(names=", ".join(graphics))
                if graphics
                else self.tr("No CUDA, Metal or Vulkan device found.")
            )
            words = f"{words} {found}".strip()
        return words or self.tr("The backend is known once a model is loaded.")

    def _scale(self) -> None:
        self._meter_box.setMaximumWidth(self._theme.px(_METER_WIDTH))
        self._meter_box.setMinimumWidth(self._theme.px(_METER_WIDTH) // 2)
