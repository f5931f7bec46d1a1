"""How far the reading of files is, how fast it goes, and the ways to hold and to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.documents import IndexProgress, IndexStage
from desktop.gui.amounts import seconds_words
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.progress import ProgressLine


class IndexProgressCard(Card):
    """Hidden while nothing is read."""

    stop_clicked = Signal()
    pause_clicked = Signal()
    resume_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self._title = Label(size=13, weight=600)
        self._figures = ElidedLabel(size=13, tone="mute")
        self._line = ProgressLine(self.tr("Indexing"))
        self._pause = Button("", "quiet")
        self._pause.clicked.connect(self._toggle)
        stop = Button(self.tr("Stop"), "quiet")
        stop.setAccessibleName(self.tr("Stop indexing"))
        stop.clicked.connect(self.stop_clicked)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._figures)
        row.addWidget(self._pause)
        row.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 8, 13)
        column.setSpacing(6)
        column.addLayout(row)
        under = QHBoxLayout()
        under.setContentsMargins(0, 0, 6, 0)
        under.addWidget(self._line)
        column.addLayout(under)
        self._show_pause(False)
        self.hide()

    def show_progress(self, progress: IndexProgress) -> None:
        self._title.setText(self._title_of(progress))
        self._figures.setText(" · ".join(self._parts_of(progress)))
        self._line.set_share(progress.files_done / max(1, progress.files_total))
        self._show_pause(progress.paused)
        self._pause.show()
        self.show()

    def show_work(self, title: str, done: int, total: int) -> None:
        """Show work on passages, which can be stopped and not held."""
        self._title.setText(title)
        words = self.tr("{0} of {1} passages")
        self._figures.setText(words.format(f"{done:,}", f"{total:,}"))
        self._line.set_share(done / max(1, total))
        self._pause.hide()
        self.show()

    def figures(self) -> str:
        return self._figures.text()

    def title(self) -> str:
        return self._title.text()

    def _title_of(self, progress: IndexProgress) -> str:
        total = f"{progress.files_total:,}"
        if progress.paused:
            return self.tr("Paused")
        if progress.stage is IndexStage.SCANNING:
            return self.tr("Looking for files")
        if progress.stage is IndexStage.RECOGNISING:
            return self.tr("Reading text from images")
        if progress.stage is IndexStage.SETTLING:
            return self.tr("Checking the index")
        one = progress.files_total == 1
        return self.tr("Indexing 1 file") if one else self.tr("Indexing {0} files").format(total)

    def _parts_of(self, progress: IndexProgress) -> list[str]:
        done, total = f"{progress.files_done:,}", f"{progress.files_total:,}"
        parts = [self.tr("{0} of {1} files").format(done, total)] if progress.files_total else []
        parts.append(self.tr("{0} pages").format(f"{progress.pages_done:,}"))
        if progress.paused:
            return parts
        if progress.pages_per_second > 0:
            parts.append(self.tr("{0} pages/s").format(f"{progress.pages_per_second:.0f}"))
        if progress.seconds_left is not None:
            parts.append(self.tr("{0} left").format(seconds_words(progress.seconds_left)))
        return parts

    def _show_pause(self, paused: bool) -> None:
        self._paused = paused
        self._pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        name = self.tr("Resume indexing") if paused else self.tr("Pause indexing")
        self._pause.setAccessibleName(name)

    def _toggle(self) -> None:
        # Shown at once; the next progress event says whether it is so.
        wanted = not self._paused
        self._show_pause(wanted)
        (self.pause_clicked if wanted else self.resume_clicked).emit()
