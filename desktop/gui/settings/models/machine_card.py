"""What this computer is, how much memory is in use, and the graphics processors it has."""

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


class Meter(QWidget):
    """What is used of how much, as words and as a line."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._used = Label(size=12, tone="mute")
        self._line = ProgressLine(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(6)
        words = QHBoxLayout()
        words.addWidget(Label(name, size=12, tone="mute", wrap=True), 1)
        words.addWidget(self._used)
        column.addLayout(words)
        column.addWidget(self._line)
        self._scale()
        theme.changed.connect(self._scale)

    def show_used(self, used: int, total: int) -> None:
        """In bytes."""
        words = self.tr("{used} of {total} GB")
        self._used.setText(words.format(used=memory_words(used), total=memory_words(total, 0)))
        self._line.set_share(used / max(1, total))

    def _scale(self) -> None:
        self.setMaximumWidth(self._theme.px(_METER_WIDTH))
        self.setMinimumWidth(self._theme.px(_METER_WIDTH) // 2)


class MachineCard(Card):
    """Processor, backend and memory; below, each GPU with its memory."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._devices: Sequence[Device] = ()
        self._name = Label(size=15, weight=600, wrap=True)
        self._backend = Label(size=13, tone="mute", wrap=True)
        self._meter = Meter(theme, self.tr("Memory in use"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(15, 13, 15, 13)
        self._column.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._name)
        words.addWidget(self._backend)
        row.addLayout(words, 3)
        row.addWidget(self._meter, 2)
        self._column.addLayout(row)
        self.setAccessibleName(self.tr("This computer"))

    def show_devices(self, devices: Sequence[Device]) -> None:
        if self._devices:
            return
        self._devices = devices
        for device in _graphics(devices):
            self._column.addLayout(self._device_row(device))

    def show_status(self, status: MachineStatus) -> None:
        self._name.setText(" · ".join(self._parts(status)))
        self._backend.setText(self._backend_words(status.backend))
        self._meter.show_used(status.memory_used_bytes, status.memory_total_bytes)
        self.setAccessibleDescription(f"{self._name.text()}. {self._backend.text()}")

    def _parts(self, status: MachineStatus) -> tuple[str, ...]:
        processor = next((d for d in self._devices if d.kind == "cpu"), None)
        # A description goes on with cores and instructions, which have their own places here.
        name, _, rest = processor.description.partition(",") if processor else ("", "", "")
        cores = rest.strip().partition(" ")[0]
        threads = self.tr("{n} threads").format(n=os.cpu_count() or 1)
        memory = self.tr("{n} GB memory").format(n=memory_words(status.memory_total_bytes, 0))
        counted = (
            (self.tr("1 core") if cores == "1" else self.tr("{n} cores").format(n=cores),)
            if cores.isdigit()
            else ()
        )
        return (name or self.tr("This computer"), *counted, threads, memory)

    def _backend_words(self, backend: str) -> str:
        place, _, instructions = backend.partition(", ")
        if instructions:
            backend = f"{place} ({instructions})"
        words = self.tr("Backend: {name}.").format(name=backend) if backend else ""
        if self._devices and not _graphics(self._devices):
            found = self.tr("No CUDA, Metal or Vulkan device found.")
            words = f"{words} {found}".strip()
        return words or self.tr("The backend is known once a model is loaded.")

    def _device_row(self, device: Device) -> QHBoxLayout:
        name = device.description or device.name
        meter = Meter(self._theme, self.tr("Its memory in use"))
        used = device.memory_total_bytes - device.memory_free_bytes
        meter.show_used(used, device.memory_total_bytes)
        row = QHBoxLayout()
        row.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(name, size=13, weight=600))
        words.addWidget(ElidedLabel(device.name, size=13, tone="mute"))
        row.addLayout(words, 3)
        row.addWidget(meter, 2)
        return row


def _graphics(devices: Sequence[Device]) -> list[Device]:
    return [device for device in devices if device.kind in ("gpu", "integrated gpu")]
