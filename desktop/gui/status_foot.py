"""The foot of the left column: the network lock and the model in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.machine import LockState, MachineStatus
from desktop.gui.amounts import memory_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import ElidedLabel, plain_tool_tip

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_REFRESH_MS = 3000
_tr = QCoreApplication.translate


class StatusFoot(QFrame):
    """Asks the machine every few seconds while it can be seen."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        *,
        with_model: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._assistant = assistant
        self._with_model = with_model
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 10, 6, 2)
        column.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(7)
        self._dot = _Dot(theme)
        self._lock = ElidedLabel(size=12, tone="mute")
        line.addWidget(self._dot)
        line.addWidget(self._lock, 1)
        column.addLayout(line)
        self._model = ElidedLabel(size=12, tone="mute")
        self._model.setVisible(with_model)
        column.addWidget(self._model)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        status = self._assistant.machine.status()
        state = status.lock.state
        self._dot.set_tone("warn" if state is LockState.OPEN else "acc")
        self._lock.setText(lock_words(state))
        self._lock.set_tone("warn" if state is LockState.OPEN else "mute")
        self._lock.setToolTip(plain_tool_tip(status.lock.detail))
        self._model.setText(model_words(status))
        self.setAccessibleName(f"{self._lock.text()}. {self._model.text()}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


class _Dot(QWidget):
    """A point of colour; the words beside it say the same."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = "acc"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(8, 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(self._theme.tokens, self._tone)))
        painter.drawEllipse(self.rect())


def lock_words(state: LockState) -> str:
    """The network lock in the words of the sidebar."""
    if state is LockState.ENFORCED:
        return _tr("StatusFoot", "Offline, by lock")
    if state is LockState.WATCHED:
        return _tr("StatusFoot", "Offline, watched")
    return _tr("StatusFoot", "Network lock is off")


def model_words(status: MachineStatus) -> str:
    """Model, backend and memory: `SmolLM2 135M · CPU · 0.3 of 24 GB`."""
    # The line is narrow: "Instruct" and the instruction set stand in Settings, Models.
    name = status.model_name.removesuffix(" Instruct") or _tr("StatusFoot", "No model")
    backend = status.backend.partition(",")[0]
    memory = _tr("StatusFoot", "{used} of {total} GB").format(
        used=memory_words(status.memory_used_bytes),
        total=memory_words(status.memory_total_bytes, 0),
    )
    return " · ".join(part for part in (name, backend, memory) if part)
