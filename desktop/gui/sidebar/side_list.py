"""The list in the sidebar: chats, collections, search results or settings pages."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from desktop.gui.sidebar.rows import RowKind, SideRow
from desktop.gui.sidebar.side_model import ROW_ROLE, SideModel
from desktop.gui.sidebar.side_painter import SidePainter
from desktop.gui.theme import Theme

_KEY_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class SideList(QListView):
    """Rows are opened by click or Enter; with `editable`, F2 renames, Delete removes, P pins."""

    opened = Signal(object)  # the row's key
    renamed = Signal(object, str)
    removed = Signal(object)
    pinned = Signal(object, bool)

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        editable: bool = False,
        tone: str = "text",
        gap: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editable = editable
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._rows = SideModel(self)
        self.setModel(self._rows)
        self._painter = SidePainter(theme, tone, gap, self)
        self._painter.renamed.connect(self.renamed)
        self.setItemDelegate(self._painter)
        self.clicked.connect(self._open)
        self.customContextMenuRequested.connect(self._show_menu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def show_rows(self, rows: list[SideRow], selected: object = None) -> None:
        """Show these rows, with the one of this key selected."""
        self._rows.set_rows(rows)
        self.select(selected)

    def rows(self) -> list[SideRow]:
        return self._rows.rows()

    def current_row(self) -> SideRow | None:
        index = self.currentIndex()
        return _row(index) if index.isValid() else None

    def select(self, key: object) -> None:
        index = self._rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def take_first(self) -> None:
        """Move the keys into the list, onto the first row that can be opened."""
        for number, row in enumerate(self._rows.rows()):
            if row.kind is not RowKind.SECTION:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                self.setCurrentIndex(self._rows.index(number))
                return

    def open_first(self) -> None:
        for number, row in enumerate(self._rows.rows()):
            if row.kind is not RowKind.SECTION:
                self._open(self._rows.index(number))
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_ring(event.reason() in _KEY_REASONS)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_ring(False)
        super().mousePressEvent(event)

    def _show_ring(self, shown: bool) -> None:
        self._painter.ring = shown
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_ring(True)
        index = self.currentIndex()
        key = event.key()
        if index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(index)
        elif index.isValid() and self._editable and key == Qt.Key.Key_F2:
            self.edit(index)
        elif index.isValid() and self._editable and key == Qt.Key.Key_Delete:
            self.removed.emit(_row(index).key)
        elif index.isValid() and key == Qt.Key.Key_Menu:
            self._show_menu(self.visualRect(index).center())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and _row(index).kind is not RowKind.SECTION:
            self.opened.emit(_row(index).key)

    def _show_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if not self._editable or not index.isValid() or _row(index).kind is not RowKind.ITEM:
            return
        menu = self.menu_for(index)
        menu.popup(self.viewport().mapToGlobal(at))

    def menu_for(self, index: QModelIndex) -> QMenu:
        """The context menu of one row; it deletes itself when it closes."""
        row = _row(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pin = menu.addAction(self.tr("Unpin") if row.pinned else self.tr("Pin"))
        pin.triggered.connect(lambda: self.pinned.emit(row.key, not row.pinned))
        rename = menu.addAction(self.tr("Rename") + "\tF2")
        rename.triggered.connect(lambda: self.edit(index))
        menu.addSeparator()
        remove = menu.addAction(self.tr("Delete") + "\tDel")
        remove.triggered.connect(lambda: self.removed.emit(row.key))
        return menu


def _row(index: QModelIndex) -> SideRow:
    row = index.data(ROW_ROLE)
    assert isinstance(row, SideRow)
    return row
