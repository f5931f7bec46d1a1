"""How a row of the sidebar's list looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.gui.icons import icon_pixmap
from desktop.gui.sidebar.rows import RowKind, SideRow
from desktop.gui.sidebar.side_model import ROW_ROLE, AnyIndex, SideModel
from desktop.gui.theme import Theme
from desktop.gui.tokens import RADIUS_BUTTON

_ROW_HEIGHT = 34
_SECTION_HEIGHT = 34
_SIDE = 8


class SidePainter(QStyledItemDelegate):
    """Draws rows from the theme's tokens, and edits a title in place."""

    renamed = Signal(object, str)  # key, new title

    def __init__(self, theme: Theme, tone: str, gap: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = tone
        self._gap = gap
        self.ring = False  # whether the keys are being used here

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        row = _row(index)
        if row.kind is RowKind.SECTION:
            return QSize(0, self._theme.px(_SECTION_HEIGHT if index.row() else 28))
        height = _ROW_HEIGHT + (16 if row.detail else 0)
        return QSize(0, self._theme.px(height) + self._gap)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = _row(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        if row.kind is RowKind.SECTION:
            self._paint_section(painter, rect, row)
        else:
            state: QStyle.StateFlag = option.state
            box = rect.adjusted(0, 0, 0, -self._gap)
            self._paint_box(painter, box, state)
            self._paint_row(painter, box, row, bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _paint_section(self, painter: QPainter, rect: QRect, row: SideRow) -> None:
        painter.setFont(self._theme.font(11, 600))
        painter.setPen(QColor(self._theme.tokens.mute))
        area = rect.adjusted(_SIDE, 0, -_SIDE, -self._theme.px(7))
        painter.drawText(area, _left() | Qt.AlignmentFlag.AlignBottom, row.text)

    def _paint_box(self, painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
        tokens = self._theme.tokens
        area = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.setBrush(QColor(tokens.card))
            painter.drawRoundedRect(area, RADIUS_BUTTON, RADIUS_BUTTON)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(area, RADIUS_BUTTON, RADIUS_BUTTON)
        if state & QStyle.StateFlag.State_HasFocus and self.ring:
            painter.setPen(QPen(QColor(tokens.acc), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = area.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ring, RADIUS_BUTTON, RADIUS_BUTTON)

    def _paint_row(self, painter: QPainter, box: QRect, row: SideRow, selected: bool) -> None:
        tokens, theme = self._theme.tokens, self._theme
        area = box.adjusted(_SIDE, 0, -_SIDE, 0)
        if row.pinned:
            size = theme.px(14)
            pin = icon_pixmap("pin", tokens.mute, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(area.right() - size, area.center().y() - size // 2, pin)
            area.setRight(area.right() - size - 6)
        color = tokens.acc if row.kind is RowKind.ACTION else getattr(tokens, self._tone)
        if selected:
            color = tokens.text
        painter.setFont(theme.font(13, 500 if selected else 400))
        painter.setPen(QColor(color))
        if row.detail:
            top = area.adjusted(0, theme.px(7), 0, -area.height() // 2)
            _draw_line(painter, top, row.text)
            painter.setFont(theme.font(12))
            painter.setPen(QColor(tokens.mute))
            _draw_line(painter, area.adjusted(0, area.height() // 2, 0, -theme.px(6)), row.detail)
        else:
            _draw_line(painter, area, row.text)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: AnyIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("New title"))
        editor.setMaxLength(200)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: AnyIndex
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(0, 0, 0, -self._gap))

    def setModelData(self, editor: QWidget, model: object, index: AnyIndex) -> None:
        assert isinstance(editor, QLineEdit)
        title = " ".join(editor.text().split())
        row = _row(index)
        if title and title != row.text and isinstance(model, SideModel):
            self.renamed.emit(row.key, title)


def _row(index: AnyIndex) -> SideRow:
    row = index.data(ROW_ROLE)
    assert isinstance(row, SideRow)
    return row


def _left() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeading


def _draw_line(painter: QPainter, area: QRect, text: str) -> None:
    metrics = QFontMetrics(painter.font())
    line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, _left() | Qt.AlignmentFlag.AlignVCenter, line)
