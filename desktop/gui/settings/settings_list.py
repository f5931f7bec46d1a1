"""The left column while the settings are open: the pages, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.sidebar.rows import RowKind, SideRow
from desktop.gui.sidebar.side_list import SideList
from desktop.gui.status_foot import StatusFoot
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class SettingsList(QFrame):
    """Opens a page as soon as it is chosen, by click or by arrow key."""

    page_opened = Signal(str)
    closed = Signal()

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        pages: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settingsList")
        self.setAccessibleName(self.tr("Settings"))
        self.list = SideList(theme, self.tr("Settings pages"), tone="mute", gap=0)
        self.list.show_rows([SideRow(RowKind.ITEM, title, key) for key, title in pages])
        close = Button("", "icon")
        close.set_icon(theme, "close")
        close.setAccessibleName(self.tr("Close the settings"))
        close.setToolTip(self.tr("Back (Esc)"))
        close.clicked.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 10)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(6, 12, 0, 8)
        head.addWidget(Label(self.tr("Settings"), size=15, weight=600))
        head.addStretch(1)
        head.addWidget(close)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self.foot = StatusFoot(assistant, theme, with_model=False)
        column.addWidget(self.foot)
        self.list.selectionModel().currentChanged.connect(self._open_current)

    def show_page(self, key: str) -> None:
        self.list.select(key)

    def _open_current(self) -> None:
        row = self.list.current_row()
        if row is not None and isinstance(row.key, str):
            self.page_opened.emit(row.key)
