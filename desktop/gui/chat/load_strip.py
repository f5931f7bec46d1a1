"""A line over the composer that tells how far the loading of a model is, and can stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.load_watch import LoadWatch
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import ElidedLabel
from desktop.gui.widgets.progress import ProgressLine

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

# A small model is there sooner; a line that flashes tells nothing.
_PATIENCE_MS = 400


class LoadStrip(QWidget):
    """Hidden while nothing loads."""

    def __init__(
        self, assistant: Assistant, watch: LoadWatch, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._register = assistant.models.register
        self._watch = watch
        self._words = ElidedLabel(size=12, tone="mute")
        self._line = ProgressLine(self.tr("Loading the model"))
        self.stop = Button(self.tr("Stop"), "quiet")
        self.stop.setAccessibleName(self.tr("Stop loading the model"))
        self.stop.clicked.connect(watch.stop)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._line)
        self.hide()
        watch.changed.connect(self._follow)

    @property
    def words(self) -> str:
        return self._words.text()

    def _follow(self) -> None:
        load = self._watch.load
        if load is None:
            self._patience.stop()
            self.hide()
            return
        entry = self._register.entry(load.model_id)
        words = self.tr("Loading {name} · {share}")
        name = entry.name if entry else load.model_id
        self._words.setText(words.format(name=name, share=f"{load.share:.0%}"))
        self._line.set_share(load.share)
        if self.isHidden() and not self._patience.isActive():
            self._patience.start()
