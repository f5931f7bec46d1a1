"""Bringing a reader back to where they were, while the page below is still being laid out."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollBar

_SETTLED_MS = 800


class ReadingPlace(QObject):
    """Holds a distance from the end until the page has kept its height for a moment."""

    def __init__(self, bar: QScrollBar, above_end: int) -> None:
        super().__init__(bar)
        self._bar = bar
        self._above_end = above_end
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self.deleteLater)
        bar.rangeChanged.connect(self._hold)
        # A hand on the bar has another place in mind.
        bar.sliderPressed.connect(self.deleteLater)
        bar.actionTriggered.connect(self.deleteLater)
        self._hold()

    def _hold(self) -> None:
        self._bar.setValue(self._bar.maximum() - self._above_end)
        self._settled.start()
