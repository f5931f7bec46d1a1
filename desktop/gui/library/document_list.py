"""The table of a collection's files in its card, with what can be done to them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop.domain.documents import Document, DocumentStatus
from desktop.gui.library.document_delegate import ROW_HEIGHT, DocumentDelegate
from desktop.gui.library.document_table import Column, DocumentTable
from desktop.gui.library.document_words import Offer, offer_for
from desktop.gui.theme import Theme

_WIDTHS = {
    Column.KIND: 177,
    Column.PAGES: 87,
    Column.PASSAGES: 88,
    Column.CHANGED: 118,
    Column.STATUS: 376,
}
_FILE_LEAST = 200
_NARROWEST = 0.7


class DocumentList(QTableView):
    """Enter shows details, Del removes, the menu key shows all that can be done."""

    details_wanted = Signal(object)  # Document
    retry_wanted = Signal(object)  # list of Document
    skip_wanted = Signal(object)  # list of Document
    password_wanted = Signal(object)  # list of Document
    removal_wanted = Signal(object)  # list of Document

    def __init__(self, table: DocumentTable, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._theme = theme
        self._delegate = DocumentDelegate(theme)
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Files in this collection"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.menu = QMenu(self)
        self._make_header()
        self._scale()
        theme.changed.connect(self._scale)

    def selected(self) -> list[Document]:
        """The chosen documents, in the order of the rows."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.document(row) for row in rows]

    def content_height(self) -> int:
        """How high the table is with all its rows, up to a bound that any window is under."""
        rows = min(self._table.rowCount(), 1000)
        return self.horizontalHeader().height() + rows * self._theme.px(ROW_HEIGHT) + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selected()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chosen:
            self.removal_wanted.emit(chosen)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
            self._open(chosen[0])
        elif event.key() == Qt.Key.Key_Menu and chosen:
            self._open_menu(self.visualRect(self.currentIndex()).bottomLeft())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        document = self._pill_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and document is not None:
            self._open(document)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.details_wanted.emit(self._table.document(index.row()))

    def _pill_at(self, place: QPoint) -> Document | None:
        index: QModelIndex = self.indexAt(place)
        if not index.isValid() or index.column() != Column.STATUS:
            return None
        document = self._table.document(index.row())
        pill = self._delegate.pill_rect(QRectF(self.visualRect(index)), document)
        offered = offer_for(document) is not Offer.NONE
        return document if offered and pill.contains(place) else None

    def _open(self, document: Document) -> None:
        """Do what the row offers; a row without an offer shows its details."""
        offer = offer_for(document)
        if offer is Offer.PASSWORD:
            self.password_wanted.emit([document])
        elif offer is Offer.RETRY:
            self.retry_wanted.emit([document])
        else:
            self.details_wanted.emit(document)

    def _make_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().hide()
        # Rows of one height need not be asked one by one.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.FILE, Qt.SortOrder.AscendingOrder)

    def _scale(self) -> None:
        header = self.horizontalHeader()
        header.setFixedHeight(self._theme.px(30))
        self._share_width()
        self.verticalHeader().setDefaultSectionSize(self._theme.px(ROW_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """The file's name has what the others leave; where that is little, they give way too."""
        header = self.horizontalHeader()
        least = self._theme.px(_FILE_LEAST)
        wanted = sum(self._theme.px(width) for width in _WIDTHS.values())
        room = self.viewport().width()
        factor = min(1.0, max(_NARROWEST, (room - least) / wanted))
        used = 0
        for column, width in _WIDTHS.items():
            header.resizeSection(column, int(self._theme.px(width) * factor))
            used += header.sectionSize(column)
        header.resizeSection(Column.FILE, max(least, room - used))

    def _open_menu(self, place: QPoint) -> None:
        chosen = self.selected()
        if not chosen:
            return
        self.menu.clear()
        self._offer(self.tr("Details"), lambda: self.details_wanted.emit(chosen[0]))
        locked = [each for each in chosen if each.status is DocumentStatus.NEEDS_PASSWORD]
        if locked:
            self._offer(self.tr("Enter password…"), lambda: self.password_wanted.emit(locked))
        self._offer(self.tr("Read again"), lambda: self.retry_wanted.emit(chosen))
        failed = [each for each in chosen if offer_for(each) is not Offer.NONE]
        if failed:
            self._offer(self.tr("Skip"), lambda: self.skip_wanted.emit(failed))
        self._offer(self.tr("Copy the path"), lambda: _copy_paths(chosen))
        self.menu.addSeparator()
        self._offer(self.tr("Remove from the collection"), lambda: self.removal_wanted.emit(chosen))
        self.menu.popup(self.viewport().mapToGlobal(place))

    def _offer(self, text: str, do: object) -> None:
        action = QAction(text, self.menu)
        action.triggered.connect(do)
        self.menu.addAction(action)


def _copy_paths(documents: Sequence[Document]) -> None:
    QGuiApplication.clipboard().setText("\n".join(document.path for document in documents))
