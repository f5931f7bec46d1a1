"""The sidebar's rows as a Qt model: only what is on screen is ever drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.gui.sidebar.rows import RowKind, SideRow
from desktop.gui.widgets.labels import plain_tool_tip

AnyIndex = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole


class SideModel(QAbstractListModel):
    """A list of `SideRow`; headings can be seen and not chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SideRow] = []

    def set_rows(self, rows: Sequence[SideRow]) -> None:
        if list(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> list[SideRow]:
        return list(self._rows)

    def index_of(self, key: object) -> QModelIndex:
        """The row with this key, or an invalid index."""
        for number, row in enumerate(self._rows):
            if row.key is not None and row.key == key:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.text}. {row.detail}" if row.detail else row.text
        if role == Qt.ItemDataRole.ToolTipRole and row.detail:
            return plain_tool_tip(row.detail)
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].kind is RowKind.SECTION:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self._rows[index.row()].kind is RowKind.ITEM:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags
