"""The rows of a collection, sorted and filtered, for a view that asks only for what it shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.domain.documents import Document, DocumentStatus, FileOutcome
from desktop.gui.library.document_words import (
    changed_text,
    kind_text,
    name_text,
    pages_text,
    status_text,
)

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Column(IntEnum):
    """The table's columns, in order."""

    FILE = 0
    KIND = 1
    PAGES = 2
    PASSAGES = 3
    CHANGED = 4
    STATUS = 5


class DocumentTable(QAbstractTableModel):
    """Sorting and filtering work on the list itself: a proxy would ask Python cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Document] = []
        self._shown: list[Document] = []
        self._places: dict[str, int] = {}  # path to place in `_all`
        self._words: list[str] = []
        self._hidden: frozenset[int] = frozenset()
        self._busy: tuple[str, str] = ("", "")  # a path, and what is being done to it
        self._column = Column.FILE
        self._descending = False

    def set_documents(self, documents: Sequence[Document]) -> None:
        """Show other documents, or the same ones as they are now."""
        self._all = list(documents)
        self._places = {document.path: at for at, document in enumerate(self._all)}
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Show the rows whose name or status holds every word."""
        self._words = text.lower().split()
        self._arrange()

    def set_hidden(self, ids: Collection[int]) -> None:
        """Leave out documents that are about to be removed."""
        self._hidden = frozenset(ids)
        self._arrange()

    def set_busy(self, path: str, words: str) -> None:
        """Say in the row of `path` what is being done to it; "" ends that."""
        if (path, words) == self._busy:
            return
        before, self._busy = self._busy[0], (path, words)
        self._repaint({before, path})

    def busy_words(self, document: Document) -> str:
        """What is being done to this document right now, "" mostly."""
        path, words = self._busy
        return words if path and path == document.path else ""

    def document(self, row: int) -> Document:
        return self._shown[row]

    def apply(self, outcome: FileOutcome) -> bool:
        """Put what became of a file into its row; False when it has none yet."""
        place = self._places.get(outcome.path)
        if place is None:
            return False
        old = self._all[place]
        unchanged = outcome.status is DocumentStatus.UNCHANGED
        new = replace(
            old,
            status=DocumentStatus.READY if unchanged else outcome.status,
            error=outcome.error,
            pages=outcome.pages or old.pages,
            chunks=outcome.chunks or old.chunks,
        )
        self._all[place] = new
        for row, document in enumerate(self._shown):
            if document.id == old.id:
                self._shown[row] = new
                self.dataChanged.emit(self.index(row, 0), self.index(row, Column.STATUS))
                break
        return True

    def _repaint(self, paths: Collection[str]) -> None:
        for row, document in enumerate(self._shown):
            if document.path in paths:
                self.dataChanged.emit(self.index(row, 0), self.index(row, Column.STATUS))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        document = self._shown[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return document
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            column = Column(index.column())
            busy = self.busy_words(document) if column is Column.STATUS else ""
            return busy or cell_text(document, column)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.FILE: self.tr("File"),
            Column.KIND: self.tr("Kind"),
            Column.PAGES: self.tr("Pages"),
            Column.PASSAGES: self.tr("Passages"),
            Column.CHANGED: self.tr("Changed"),
            Column.STATUS: self.tr("Status"),
        }[Column(section)]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = Column(max(0, column))
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [self._shown[i.row()].id if i.row() < len(self._shown) else 0 for i in before]
        rows = self._wanted()
        rows.sort(key=_KEYS[self._column], reverse=self._descending)
        self._shown = rows
        if before:
            # Selected rows stay selected wherever they have moved to.
            places = {document.id: row for row, document in enumerate(rows)}
            after = [
                self.index(places[number], old.column()) if number in places else QModelIndex()
                for number, old in zip(kept, before, strict=True)
            ]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _wanted(self) -> list[Document]:
        rows = self._all
        if self._hidden:
            rows = [document for document in rows if document.id not in self._hidden]
        if not self._words:
            return list(rows)
        states: dict[tuple[str, str, str], str] = {}
        return [document for document in rows if self._matches(document, states)]

    def _matches(self, document: Document, states: dict[tuple[str, str, str], str]) -> bool:
        # Few files differ in their state, and putting one into words takes long.
        key = (document.status, document.error, document.error_detail)
        state = states.get(key)
        if state is None:
            state = states[key] = status_text(document).lower()
        text = f"{name_text(document).lower()} {state}"
        return all(word in text for word in self._words)


def cell_text(document: Document, column: Column) -> str:
    """What one cell says."""
    return _TEXTS[column](document)


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


_TEXTS: dict[Column, Callable[[Document], str]] = {
    Column.FILE: name_text,
    Column.KIND: kind_text,
    Column.PAGES: pages_text,
    Column.PASSAGES: lambda document: _count(document.chunks),
    Column.CHANGED: changed_text,
    Column.STATUS: status_text,
}
_KEYS: dict[Column, Callable[[Document], Any]] = {
    Column.FILE: lambda document: name_text(document).lower(),
    Column.KIND: lambda document: document.kind or "",
    Column.PAGES: lambda document: document.pages,
    Column.PASSAGES: lambda document: document.chunks,
    Column.CHANGED: lambda document: document.modified_ns,
    Column.STATUS: lambda document: document.status,
}
