"""What an empty chat offers, and the way from the sample's card to its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.documents import IndexProgress, IndexReport
from desktop.gui.chat.chat_collections import ChatCollections
from desktop.gui.chat.empty_chat import EmptyChat
from desktop.gui.chat.reading_watch import ReadingWatch

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class StartOffers(QObject):
    """Fills the empty page; reads the sample when it is asked for."""

    collection_chosen = Signal(int)  # the sample's, ready to be asked
    files_read = Signal(object)  # Collection or None: another reading is over

    def __init__(
        self,
        assistant: Assistant,
        empty: EmptyChat,
        collections: ChatCollections,
        watch: ReadingWatch,
    ) -> None:
        super().__init__(empty)
        self._library = assistant.library
        self._empty = empty
        self._collections = collections
        self._awaiting = False
        empty.try_sample.connect(self._try_sample)
        watch.advanced.connect(self._advanced)
        watch.read.connect(self._read)

    def show(self, collection_id: int | None) -> None:
        """Offer what suits the collection that the chat would ask."""
        sample = self._collections.sample()
        if self._awaiting and sample is None:
            return
        if sample is not None and sample.id == collection_id:
            self._empty.show_questions(sample.name, self._library.sample_questions())
        else:
            chosen = self._collections.by_id(collection_id)
            self._empty.show_start(chosen.name if chosen else "", sample is not None)

    def _try_sample(self) -> None:
        sample = self._collections.sample()
        if sample is not None:
            self.collection_chosen.emit(sample.id)
            return
        self._awaiting = True
        self._empty.show_reading(0, 0)
        self._library.index([self._library.sample_folder()], self.tr("Sample collection"))

    def _advanced(self, progress: IndexProgress) -> None:
        if self._awaiting:
            self._empty.show_reading(progress.files_done, progress.files_total)

    def _read(self, report: IndexReport) -> None:
        collection = self._collections.by_name(report.collection)
        awaited, self._awaiting = self._awaiting, False
        if awaited and collection is not None:
            self.collection_chosen.emit(collection.id)
        else:
            self.files_read.emit(collection)
