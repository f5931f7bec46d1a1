"""The library: one collection's files, what they need, and how their reading goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.assistant.sentences import sentence_for
from desktop.domain.checks import CollectionCheck
from desktop.domain.documents import Document
from desktop.gui.drop_veil import DropVeil
from desktop.gui.dropped_files import local_paths
from desktop.gui.library.collection_content import CollectionContent
from desktop.gui.library.document_details import DocumentDetails
from desktop.gui.library.folders_dialog import FoldersDialog
from desktop.gui.library.library_header import LibraryHeader
from desktop.gui.library.library_jobs import LibraryJobs
from desktop.gui.library.password_dialog import PasswordDialog
from desktop.gui.library.pending_removal import PendingRemoval
from desktop.gui.theme import Theme
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant
    from desktop.domain.errors import CarrelError

_UNDO_SECONDS = 8.0


class LibraryView(QWidget):
    """Files and folders can be dropped anywhere on it."""

    collections_changed = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self.setAcceptDrops(True)
        # Takes the focus when it opens, so that no control is ringed before a key is pressed.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header = LibraryHeader(theme)
        self.content = CollectionContent(assistant, theme)
        self.notice = NoticeBar(self)
        self._veil = DropVeil(theme, self)
        self._jobs = LibraryJobs(assistant, self)
        self.removal = PendingRemoval(_UNDO_SECONDS, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.content, 1)
        self._connect()
        self._show_name()

    def open_collection(self, id: int) -> None:
        """Show a collection's files."""
        if id != self.content.collection_id:
            self.removal.settle()
            self._header.clear_filter()
        self.content.open_collection(id)
        self._show_name()

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Read files and folders into the collection that is shown, or into a first one."""
        collection = self.content.collection
        if collection is None:
            collection = self._assistant.library.create(self.tr("My files"))
            self.open_collection(collection.id)
        self._jobs.index(list(paths), collection)
        self.collections_changed.emit()

    def show_event(self, event: Event) -> None:
        """Follow whatever job reads files, and the jobs of this view."""
        self._jobs.show_event(event)

    def _connect(self) -> None:
        self._header.paths_chosen.connect(self.add_paths)
        self._header.filter_changed.connect(self.content.set_filter)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._header.focus_filter)
        self._header.removal_confirmed.connect(self._remove_collection)
        self._header.folders_wanted.connect(self._show_folders)
        self._header.rescan_wanted.connect(self._rescan)
        self._header.check_wanted.connect(self._check)
        files = self.content.files
        files.details_wanted.connect(self._show_details)
        files.retry_wanted.connect(self._retry)
        files.skip_wanted.connect(self._jobs.skip)
        files.password_wanted.connect(self._ask_password)
        files.removal_wanted.connect(self._remove)
        self.content.stop_clicked.connect(self._jobs.stop)
        self.content.pause_clicked.connect(self._assistant.library.pause)
        self.content.resume_clicked.connect(self._assistant.library.resume)
        self.content.paths_wanted.connect(self._header.ask_folder)
        self._jobs.advanced.connect(self.content.show_progress)
        self._jobs.building.connect(self.content.show_building)
        self._jobs.checked.connect(self._tell_check)
        self._jobs.repaired.connect(lambda repair: self._tell_check(repair.check))
        self._jobs.document_read.connect(self.content.show_outcome)
        self._jobs.ended.connect(self._ended)
        self._jobs.failed.connect(self._failed)
        self.removal.changed.connect(self._show_pending)
        self.removal.due.connect(self._jobs.remove)

    def _show_name(self) -> None:
        self._header.show_collection(self.content.collection)

    def _ended(self) -> None:
        self.content.hide_progress()
        self.content.reload()
        self._show_name()
        self.collections_changed.emit()

    def _failed(self, error: CarrelError) -> None:
        self._say(sentence_for(error).line, warn=True)

    def _show_details(self, document: Document) -> None:
        details = DocumentDetails(document, self)
        details.retry_clicked.connect(lambda each: self._retry([each]))
        details.remove_clicked.connect(lambda each: self._remove([each]))
        details.open()

    def _retry(self, documents: Sequence[Document]) -> None:
        self._jobs.retry(documents)

    def _ask_password(self, documents: Sequence[Document]) -> None:
        dialog = PasswordDialog(documents, self)
        dialog.chosen.connect(lambda password: self._jobs.unlock(documents, password))
        dialog.open()

    def _rescan(self) -> None:
        if self.content.collection_id is not None:
            self._jobs.rescan(self.content.collection_id)

    def _check(self) -> None:
        if self.content.collection_id is not None:
            self._jobs.verify(self.content.collection_id)

    def _repair(self) -> None:
        if self.content.collection_id is not None:
            self._jobs.repair(self.content.collection_id)

    def _tell_check(self, check: CollectionCheck) -> None:
        if check.ok:
            words = self.tr("{0} is whole: {1} passages, each with its place in the index.")
            self._say(words.format(check.collection, f"{check.chunks:,}"))
            return
        self.notice.say(" ".join(check.problems), "warn", self.tr("Repair"), self._repair)
        self._place_notice()

    def _show_folders(self) -> None:
        collection = self.content.collection
        if collection is None:
            return
        library = self._assistant.library
        dialog = FoldersDialog(collection, library.folders(collection.id), self)
        dialog.changed.connect(library.change_folder)
        dialog.forgotten.connect(self._jobs.forget_folder)
        dialog.rescan_wanted.connect(self._rescan)
        dialog.open()

    def _remove(self, documents: Sequence[Document]) -> None:
        self.removal.add(documents)
        count = len(documents)
        one = self.tr("“{0}” was removed. The file itself stays where it is.")
        many = self.tr("{0} files were removed. The files themselves stay where they are.")
        name = Path(documents[0].path).name
        self._say(one.format(name) if count == 1 else many.format(count), undo=True)

    def _say(self, words: str, *, undo: bool = False, warn: bool = False) -> None:
        if undo:
            action = self.tr("Undo")
            self.notice.say(words, action=action, do=self.removal.undo, seconds=_UNDO_SECONDS)
        else:
            self.notice.say(words, kind="warn" if warn else "plain")
        self._place_notice()

    def _show_pending(self) -> None:
        self.content.hide_documents(self.removal.ids())

    def _remove_collection(self) -> None:
        collection_id = self.content.collection_id
        if collection_id is not None:
            self.removal.undo()
            self._jobs.remove_collection(collection_id)

    def _place_notice(self) -> None:
        width = min(620, self.width() - 40)
        self.notice.setFixedWidth(width)
        height = self.notice.sizeHint().height()
        left = (self.width() - width) // 2
        self.notice.setGeometry(left, self.height() - height - 20, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_notice()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self.setFocus)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.removal.settle()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            collection = self.content.collection
            name = collection.name if collection else self.tr("My files")
            self._veil.say(self.tr("Drop to add to {0}").format(name))
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self.add_paths(local_paths(event.mimeData()))
