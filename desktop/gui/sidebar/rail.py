"""What stays of the sidebar while it is folded: a narrow strip of the same places."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button

_WIDTH = 48


class Rail(QFrame):
    """Unfolds the sidebar by mouse; the keys do the same without it."""

    unfold_wanted = Signal()
    new_chat = Signal()
    library_opened = Signal()
    settings_opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Folded sidebar"))
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 13, 0, 10)
        self._column.setSpacing(6)
        self._add("sidebar", self.tr("Unfold the sidebar (Ctrl B)"), self.unfold_wanted)
        self._add("plus", self.tr("New chat (Ctrl N)"), self.new_chat)
        self._column.addStretch(1)
        self._add("library", self.tr("Library (Ctrl L)"), self.library_opened)
        self._add("settings", self.tr("Settings (Ctrl ,)"), self.settings_opened)
        self._scale()
        theme.changed.connect(self._scale)

    def _add(self, icon: str, name: str, wanted: SignalInstance) -> None:
        button = Button("", "icon")
        button.set_icon(self._theme, icon, size=18)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(wanted)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _scale(self) -> None:
        self.setFixedWidth(self._theme.px(_WIDTH))
