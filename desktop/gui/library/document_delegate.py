"""Draws the table's cells: names, quiet facts, and the state as a pill."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.domain.documents import Document
from desktop.gui.library.document_table import Column, cell_text
from desktop.gui.library.document_words import Tone, status_text, status_tone
from desktop.gui.theme import Theme

_PAD = 10
_PILL_HEIGHT = 22
ROW_HEIGHT = 35


class DocumentDelegate(QStyledItemDelegate):
    """Everything is text; nothing of a file's name is ever taken for markup."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(option.rect.width(), self._theme.px(ROW_HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        document: Document = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        state = option.state
        tokens = self._theme.tokens
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accbg))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(tokens.panel))
        painter.setPen(QColor(tokens.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if index.column() == Column.STATUS:
            said = str(index.data(Qt.ItemDataRole.DisplayRole))
            self._pill(painter, rect, document, said)
        else:
            self._text(painter, rect, document, Column(index.column()))
        if _in_focused_row(option.widget, index):
            self._ring(painter, rect, Column(index.column()))
        painter.restore()

    def pill_rect(self, cell: QRectF, document: Document, busy: str = "") -> QRectF:
        """Where a state's pill lies in its cell; `busy` is what is being done to the file."""
        words = QFontMetricsF(self._theme.font(12, 600))
        text = busy or status_text(document)
        width = words.horizontalAdvance(text) + 2 * self._theme.px(_PAD)
        height = self._theme.px(_PILL_HEIGHT)
        room = cell.width() - 2 * _PAD
        top = cell.center().y() - height / 2
        return QRectF(cell.left() + _PAD, top, min(width, room), height)

    def _ring(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        """This cell's part of the ring around the row that the keys are on."""
        painter.setPen(QPen(QColor(self._theme.tokens.acc), 2))
        inner = rect.adjusted(1, 1, -1, -1)
        painter.drawLine(QPointF(rect.left(), inner.top()), QPointF(rect.right(), inner.top()))
        painter.drawLine(
            QPointF(rect.left(), inner.bottom()), QPointF(rect.right(), inner.bottom())
        )
        if column is Column.FILE:
            painter.drawLine(inner.topLeft(), inner.bottomLeft())
        elif column is Column.STATUS:
            painter.drawLine(inner.topRight(), inner.bottomRight())

    def _text(self, painter: QPainter, rect: QRectF, document: Document, column: Column) -> None:
        strong = column is Column.FILE
        plain = column in (Column.FILE, Column.PAGES, Column.PASSAGES)
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.text if plain else tokens.mute))
        painter.setFont(self._theme.font(13))
        room = rect.adjusted(_PAD, 0, -_PAD, 0)
        text = cell_text(document, column)
        elide = Qt.TextElideMode.ElideMiddle if strong else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(text, elide, int(room.width()))
        painter.drawText(room, _LEFT, text)

    def _pill(self, painter: QPainter, rect: QRectF, document: Document, said: str) -> None:
        tokens = self._theme.tokens
        busy = said if said != status_text(document) else ""
        tone = Tone.PLAIN if busy else status_tone(document)
        fill, ink = {
            Tone.GOOD: (tokens.accbg, tokens.acc),
            Tone.WARN: (tokens.warnbg, tokens.warn),
            Tone.BAD: (tokens.badbg, tokens.bad),
            Tone.PLAIN: ("", tokens.mute),
        }[tone]
        place = self.pill_rect(rect, document, busy)
        radius = place.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(fill or tokens.line), 1))
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(QColor(ink))
        painter.setFont(self._theme.font(12, 600 if fill == tokens.accbg else 400))
        room = place.adjusted(_PAD, 0, -_PAD / 2, 0)
        width = int(room.width())
        text = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, _LEFT, text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _in_focused_row(view: QWidget | None, index: QModelIndex | QPersistentModelIndex) -> bool:
    if not isinstance(view, QAbstractItemView) or not view.hasFocus():
        return False
    return view.currentIndex().row() == index.row()
