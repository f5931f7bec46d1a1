"""A job on its way: what it does, how far it is, the way to stop it, and how it failed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.progress import ProgressLine


class JobRow(Card):
    """Shows progress until it is told how the job ended."""

    stop_wanted = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._ended = False
        self._title = ElidedLabel(title, size=14, weight=600)
        self._detail = Label(size=13, tone="mute", wrap=True)
        self._progress = ProgressLine(title)
        self._button = Button(self.tr("Stop"), "quiet")
        self._button.setAccessibleName(self.tr("Stop: {title}").format(title=title))
        self._button.clicked.connect(self._press)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 10, 10, 13)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._button)
        column.addLayout(top)
        column.addWidget(self._detail)
        column.addWidget(self._progress)

    @property
    def detail(self) -> str:
        return self._detail.text()

    def show_progress(self, detail: str, share: float) -> None:
        self._detail.setText(detail)
        self._progress.set_share(share)

    def show_failure(self, sentence: str) -> None:
        """Keep the sentence on the page until it is closed."""
        self._ended = True
        self._progress.hide()
        self._detail.setText(sentence)
        self._detail.set_tone("bad")
        self._button.setText(self.tr("Close"))
        self._button.setAccessibleName(self.tr("Close"))

    def _press(self) -> None:
        if self._ended:
            self.deleteLater()
        else:
            self._button.setEnabled(False)
            self.stop_wanted.emit()
