"""The small numbered chip that stands in an answer's text and leads to its passage."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPyTextObject, QTextDocument, QTextFormat

from desktop.gui.chat.answer_style import CHIP_PROPERTY, STRONG, AnswerStyle

_HEIGHT = 17.0
_BEFORE, _AFTER = 2.0, 1.0  # space beside it


class CitationChip(QPyTextObject):
    """Draws chips inside a document's text."""

    def __init__(self, style: AnswerStyle) -> None:
        super().__init__()
        self._style = style

    def set_style(self, style: AnswerStyle) -> None:
        self._style = style

    def intrinsicSize(
        self, _document: QTextDocument, _position: int, text_format: QTextFormat
    ) -> QSizeF:
        text = _label(text_format)
        width = QFontMetricsF(self._font()).horizontalAdvance(text) + self._style.pixels(10)
        height = self._style.pixels(_HEIGHT)
        return QSizeF(max(width, height) + _BEFORE + _AFTER, height)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        _document: QTextDocument,
        _position: int,
        text_format: QTextFormat,
    ) -> None:
        missing = text_format.intProperty(CHIP_PROPERTY) < 0
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("warnbg" if missing else "accbg"))
        body = QRectF(rect).adjusted(_BEFORE, 0, -_AFTER, 0)
        painter.drawRoundedRect(body, 5, 5)
        painter.setFont(self._font())
        painter.setPen(self._style.colour("warn" if missing else "acc"))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, _label(text_format))
        painter.restore()

    def _font(self) -> QFont:
        return self._style.font(11.0, STRONG)


def _label(text_format: QTextFormat) -> str:
    marker = text_format.intProperty(CHIP_PROPERTY)
    return "?" if marker < 0 else str(marker)
