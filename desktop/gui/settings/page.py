"""What every page of the settings has: a title over a column of cards that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.header import Header
from desktop.gui.widgets.labels import ElidedLabel

_WIDEST = 840


class SettingsPage(QWidget):
    """A page; what belongs on it goes into `column`."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        detail: str = "",
        *,
        wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.header = Header(theme, title, elide=False)
        if detail:
            self.header.add_left(ElidedLabel(detail, size=14, tone="mute"))
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(title)
        self._scroll.setWidget(self._body(wide))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(self._scroll, 1)

    def _body(self, wide: bool) -> QWidget:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(24, 20, 24, 24)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self.column)
        inner.addStretch(1)
        row.addWidget(holder, 1)
        if not wide:
            holder.setMaximumWidth(_WIDEST)
            row.addStretch(0)
        return body

    def show_event(self, event: object) -> None:
        """Pages that start jobs take their events here."""

    def refresh(self) -> None:
        """Show what is in force; called whenever the page is opened."""
