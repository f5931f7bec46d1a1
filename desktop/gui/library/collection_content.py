"""Under the library's header: summary, progress, and the table that follows its collection."""

from __future__ import annotations

import time
from collections.abc import Collection as Sized
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.documents import Collection, FileOutcome, IndexProgress, IndexStage
from desktop.domain.models import EmbeddingProgress
from desktop.domain.retrieval import IndexBuilding
from desktop.gui.library.collection_summary import CollectionSummary
from desktop.gui.library.document_list import DocumentList
from desktop.gui.library.document_table import DocumentTable
from desktop.gui.library.document_words import recognising_text
from desktop.gui.library.index_progress import IndexProgressCard
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_RELOAD_MS = 500  # at most this often while files are read; less often where it takes long


class CollectionContent(QWidget):
    """Reads one collection and keeps it up to date."""

    stop_clicked = Signal()
    pause_clicked = Signal()
    resume_clicked = Signal()
    paths_wanted = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self.collection: Collection | None = None
        self.table = DocumentTable()
        self.files = DocumentList(self.table, theme)
        self.summary = CollectionSummary(theme, assistant.models.searching.embedder())
        self.progress = IndexProgressCard()
        self._reload_timer = QTimer(self, singleShot=True)
        self._reload_timer.timeout.connect(self.reload)
        self._reload_seconds = 0.0
        self._lay_out()
        self.progress.stop_clicked.connect(self.stop_clicked)
        self.progress.pause_clicked.connect(self.pause_clicked)
        self.progress.resume_clicked.connect(self.resume_clicked)
        self.table.layoutChanged.connect(self._fit)
        theme.changed.connect(self._fit)
        self.reload()

    @property
    def collection_id(self) -> int | None:
        return self.collection.id if self.collection else None

    def open_collection(self, collection_id: int) -> None:
        found = self._assistant.library.collections()
        self.collection = next((each for each in found if each.id == collection_id), None)
        self.reload()
        self.files.scrollToTop()

    def reload(self) -> None:
        """Read the collection's figures and files again."""
        started = time.perf_counter()
        self._reload_timer.stop()
        library = self._assistant.library
        chosen = self.collection_id
        self.collection = next((c for c in library.collections() if c.id == chosen), None)
        documents = library.documents(chosen) if chosen is not None and self.collection else []
        self.table.set_documents(documents)
        size = sum(document.size_bytes for document in documents)
        self.summary.show_collection(self.collection, size)
        self._show_parts(bool(documents))
        self._reload_seconds = time.perf_counter() - started

    def show_progress(self, progress: IndexProgress) -> None:
        self.progress.show_progress(progress)
        words = ""
        if progress.stage is IndexStage.RECOGNISING and progress.page:
            words = recognising_text(progress.page, progress.pages_total)
        self.table.set_busy(progress.current_path if words else "", words)
        self._reload_soon()

    def show_building(self, progress: IndexBuilding | EmbeddingProgress) -> None:
        """Show how far the index is built, or passages are embedded anew."""
        if isinstance(progress, EmbeddingProgress):
            done, total = progress.chunks_done, progress.chunks_total
            self.progress.show_work(self.tr("Embedding passages anew"), done, total)
        else:
            done, total = progress.vectors_done, progress.vectors_total
            self.progress.show_work(self.tr("Building the index"), done, total)

    def hide_progress(self) -> None:
        self.progress.hide()
        self.table.set_busy("", "")

    def show_outcome(self, outcome: FileOutcome) -> None:
        """Put the outcome into its row at once; a new file comes with the next reading."""
        self.table.apply(outcome)
        self._reload_soon()

    def set_filter(self, text: str) -> None:
        self.table.set_filter(text)

    def hide_documents(self, ids: Sized[int]) -> None:
        self.table.set_hidden(ids)

    def _reload_soon(self) -> None:
        if not self._reload_timer.isActive():
            pause = max(_RELOAD_MS, int(self._reload_seconds * 20_000))
            self._reload_timer.start(pause)

    def _lay_out(self) -> None:
        self._card = Card()
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.files)
        self._empty = self._empty_card()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 24, 20)
        self._column.setSpacing(16)
        self._column.addWidget(self.summary)
        self._column.addWidget(self.progress)
        self._column.addWidget(self._card, 1)
        self._column.addWidget(self._empty)
        # Takes what a short table leaves, and nothing from a long one.
        self._column.addStretch(0)

    def _empty_card(self) -> Card:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 28, 24, 28)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Drop a folder here"), size=15, weight=600))
        words = self.tr(
            "PDF and scans, Office files, e-mail, web pages, tables, pictures and text are read "
            "on this computer and stay where they are."
        )
        column.addWidget(Label(words, size=13, tone="mute", wrap=True))
        button = Button(self.tr("Add folder…"))
        button.clicked.connect(self.paths_wanted)
        column.addWidget(button)
        return card

    def _show_parts(self, any_files: bool) -> None:
        self._card.setVisible(any_files)
        self._empty.setVisible(not any_files)
        self._fit()

    def _fit(self) -> None:
        self._card.setMaximumHeight(self.files.content_height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
