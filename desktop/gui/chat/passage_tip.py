"""The small card that shows a citation's passage while the pointer rests on its chip."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.domain.answers import Citation
from desktop.gui.place_words import short_place
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import Label

_QUOTE_CHARACTERS = 360


class PassageTip(QFrame):
    """Plain text in a window of its own, never markup."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self._theme = theme
        self.setObjectName("passageTip")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # for the round corners
        self._place = Label(size=12, weight=600)
        self._heading = Label(size=11, tone="mute", wrap=True)
        self._quote = Label(size=12, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for label in (self._place, self._heading, self._quote):
            column.addWidget(label)
        self.hide()

    def show_citation(self, citation: Citation, below: QPoint) -> None:
        parts = (PurePath(citation.path).name, short_place(citation.unit, citation.page_number))
        self._place.setText(" · ".join(part for part in parts if part))
        self._heading.setText(" › ".join(citation.heading_path))
        self._heading.setVisible(bool(citation.heading_path))
        quote = " ".join(citation.quote.split())
        self._quote.setText(quote[:_QUOTE_CHARACTERS] + "…" * (len(quote) > _QUOTE_CHARACTERS))
        self._show(below)

    def show_not_found(self, below: QPoint) -> None:
        self._place.setText(self.tr("Not found in the documents"))
        self._heading.hide()
        self._quote.setText(self.tr("No passage that was read supports this statement."))
        self._show(below)

    def _show(self, below: QPoint) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#passageTip {{ background: {tokens.card}; border: 1px solid {tokens.line};"
            " border-radius: 8px; }"
        )
        self.setFixedWidth(self._theme.px(340))
        self.adjustSize()
        screen = QGuiApplication.screenAt(below) or self.screen()
        area = screen.availableGeometry()
        left = max(area.left(), min(below.x() - 20, area.right() - self.width()))
        self.move(left, min(below.y(), area.bottom() - self.height()))
        self.show()
