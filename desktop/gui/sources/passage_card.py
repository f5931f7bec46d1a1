"""One source: its number, its file and place, and its words with the supporting ones marked."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.chat.text_pane import TextPane
from desktop.gui.place_words import short_place
from desktop.gui.sources.excerpt import Source
from desktop.gui.theme import Theme
from desktop.gui.tokens import RADIUS_CITATION
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label, plain_tool_tip


class PassageCard(Card):
    """Clicked, it is selected and shows its page; it can be given another source."""

    def __init__(self, source: Source, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True)
        self._theme = theme
        self.source = source
        self._chip = MarkerChip(theme)
        self._name = ElidedLabel(size=13, weight=600)
        self._page = Label(size=12, tone="mute")
        self._heading = ElidedLabel(size=12, tone="mute")
        self._text = TextPane()
        self._text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._chip)
        top.addWidget(self._name, 1)
        top.addWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 12)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._heading)
        column.addWidget(self._text)
        self.show_source(source)
        theme.changed.connect(self._write)

    def show_source(self, source: Source) -> None:
        """Take another source's place, which is quicker than a new card."""
        self.source = source
        name = PurePath(source.path).name
        page = short_place(source.citation.unit, source.citation.page_number)
        self._chip.set_marker(source.marker)
        self._name.setText(name)
        self._page.setText(page)
        self._heading.setText(" › ".join(source.heading_path))
        self._heading.setVisible(bool(source.heading_path))
        self.setToolTip(plain_tool_tip(source.path))
        self.setAccessibleName(self._spoken(name, page))
        self.set_selected(False)
        self._write()

    def _spoken(self, name: str, page: str) -> str:
        number = self.tr("Source {0}").format(self.source.marker) if self.source.marker else ""
        parts = (number, name, page, self.source.excerpt.text)
        return ", ".join(part for part in parts if part)

    def _write(self) -> None:
        style = AnswerStyle(self._theme)
        cut = self.source.excerpt
        plain = style.text_format()
        plain.setFont(style.font(13))
        marked = QTextCharFormat(plain)
        marked.setBackground(style.colour("hl"))
        marked.setForeground(style.colour("on_hl"))
        self._text.clear()
        cursor = QTextCursor(self._text.document())
        cursor.setBlockFormat(style.block_format(13))
        cursor.insertText(cut.text[: cut.start], plain)
        cursor.insertText(cut.text[cut.start : cut.end], marked)
        cursor.insertText(cut.text[cut.end :], plain)


class MarkerChip(QWidget):
    """A citation's number, as it stands in the answer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._marker = 0
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._fit()
        theme.changed.connect(self._fit)

    def set_marker(self, marker: int) -> None:
        """0 is a passage without a number, and hides the chip."""
        self._marker = marker
        self.setVisible(marker > 0)
        self._fit()

    def _fit(self) -> None:
        self.setFixedSize(self._theme.px(17 if self._marker < 10 else 23), self._theme.px(17))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accbg))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CITATION, RADIUS_CITATION)
        painter.setPen(QColor(tokens.acc))
        painter.setFont(self._theme.font(11, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._marker))
