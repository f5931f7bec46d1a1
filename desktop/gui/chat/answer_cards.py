"""Finds and paints what lies under an answer's text: table and code cards, bars, rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock, QTextDocument, QTextTable

from desktop.gui.chat.answer_style import (
    CODE_HEAD,
    CODE_PROPERTY,
    QUOTE_PROPERTY,
    RULE_PROPERTY,
    AnswerStyle,
)


@dataclass(frozen=True, slots=True)
class CodeCard:
    """One code block: its language, its text and where its card stands."""

    language: str
    code: str
    rect: QRectF


def code_cards(document: QTextDocument, style: AnswerStyle) -> Iterator[CodeCard]:
    """All code blocks of the document, in order."""
    width = document.textWidth()
    for block in blocks(document):
        language = block.blockFormat().property(CODE_PROPERTY)
        if not language:
            continue
        rect = line_box(block)
        left = block.blockFormat().indent() * document.indentWidth()
        top = rect.top() - style.pixels(CODE_HEAD)
        bottom = rect.bottom() + style.pixels(12)
        text = block.text().replace("\u2028", "\n").replace("\ufffc", "")
        yield CodeCard(str(language), text, QRectF(left, top, width - left, bottom - top))


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    """All blocks of the document, in order."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def line_box(block: QTextBlock) -> QRectF:
    """A block's rectangle with all of its lines' height; Qt leaves the leading out."""
    rect = block.document().documentLayout().blockBoundingRect(block)
    rect.setHeight(block.blockFormat().lineHeight() * max(1, block.layout().lineCount()))
    return rect


class AnswerCards:
    """The painter of everything that is not text."""

    def __init__(self, document: QTextDocument, style: AnswerStyle) -> None:
        self._document = document
        self._style = style

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for card in code_cards(self._document, self._style):
            self._code(painter, card)
        for frame in self._document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._table(painter, frame)
        for block in blocks(self._document):
            self._bar_or_rule(painter, block)

    def _code(self, painter: QPainter, card: CodeCard) -> None:
        painter.setPen(QPen(self._style.colour("line"), 1))
        painter.setBrush(self._style.colour("card"))
        painter.drawRoundedRect(card.rect.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setPen(self._style.colour("mute"))
        painter.setFont(self._style.font(12.0))
        place = QRectF(card.rect.left() + self._style.pixels(12), card.rect.top(), 300, 0)
        place.setHeight(self._style.pixels(CODE_HEAD))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, middle, card.language)

    def _table(self, painter: QPainter, table: QTextTable) -> None:
        tops = self._row_tops(table)
        if not tops:
            return
        card = QRectF(0, tops[0], self._document.textWidth(), tops[-1] - tops[0])
        painter.setPen(QPen(self._style.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        for top in tops[1:-1]:
            line = round(top) + 0.5
            painter.drawLine(QPointF(0, line), QPointF(card.width(), line))

    def _row_tops(self, table: QTextTable) -> list[float]:
        """The top of each row, then the bottom of the last."""
        layout = self._document.documentLayout()
        shape = table.format()
        tops = []
        for row in range(table.rows()):
            cells = [table.cellAt(row, column) for column in range(table.columns())]
            firsts = [cell.firstCursorPosition().block() for cell in cells]
            top = min(layout.blockBoundingRect(first).top() for first in firsts)
            tops.append(top - shape.cellPadding())
        height = layout.frameBoundingRect(table).height()
        return [*tops, tops[0] + height - shape.topMargin() - shape.bottomMargin()]

    def _bar_or_rule(self, painter: QPainter, block: QTextBlock) -> None:
        quotes = block.blockFormat().intProperty(QUOTE_PROPERTY)
        rule = block.blockFormat().boolProperty(RULE_PROPERTY)
        if not quotes and not rule:
            return
        rect = line_box(block)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("line"))
        if rule:
            painter.drawRect(QRectF(0, round(rect.center().y()), self._document.textWidth(), 1))
        for depth in range(quotes):
            left = self._style.pixels(14) * depth
            painter.drawRoundedRect(QRectF(left, rect.top(), 3, rect.height()), 1.5, 1.5)
