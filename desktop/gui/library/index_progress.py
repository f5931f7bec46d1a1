"""How far the reading of files is, how fast it goes, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.documents import IndexProgress
from desktop.gui.library.document_words import seconds_text
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.progress import ProgressLine


class IndexProgressCard(Card):
    """Hidden while nothing is read."""

    stop_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(size=13, weight=600)
        self._figures = ElidedLabel(size=13, tone="mute")
        self._line = ProgressLine(self.tr("Indexing"))
        stop = Button(self.tr("Stop"), "quiet")
        stop.setAccessibleName(self.tr("Stop indexing"))
        stop.clicked.connect(self.stop_clicked)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._figures)
        row.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 8, 13)
        column.setSpacing(6)
        column.addLayout(row)
        under = QHBoxLayout()
        under.setContentsMargins(0, 0, 6, 0)
        under.addWidget(self._line)
        column.addLayout(under)
        self.hide()

    def show_progress(self, progress: IndexProgress) -> None:
        total = progress.files_total
        title = self.tr("Indexing 1 file") if total == 1 else self.tr("Indexing {0} files")
        self._title.setText(title.format(f"{total:,}"))
        parts = [
            self.tr("{0} of {1} files").format(f"{progress.files_done:,}", f"{total:,}"),
            self.tr("{0} pages").format(f"{progress.pages_done:,}"),
        ]
        if progress.pages_per_second > 0:
            parts.append(self.tr("{0} pages/s").format(f"{progress.pages_per_second:.0f}"))
        if progress.seconds_left is not None:
            parts.append(self.tr("{0} left").format(seconds_text(progress.seconds_left)))
        self._figures.setText(" · ".join(parts))
        self._line.set_share(progress.files_done / max(1, total))
        self.show()

    def figures(self) -> str:
        return self._figures.text()
