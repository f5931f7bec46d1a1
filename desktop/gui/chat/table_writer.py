"""Writes a Markdown table as a document table; citations of a row get a column of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from desktop.gui.chat.answer_style import REGULAR, STRONG, AnswerStyle
from desktop.gui.chat.citation_marks import is_mark, marker_of, without_marks
from desktop.gui.chat.inline_writer import InlineWriter

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_COLUMN_LIMIT = 64


class TableWriter:
    """The card and the hairlines around the cells are painted by the view."""

    def __init__(self, style: AnswerStyle, inline: InlineWriter) -> None:
        self._style = style
        self._inline = inline

    def write(self, cursor: QTextCursor, node: SyntaxTreeNode) -> QTextTable:
        """Insert the table at the cursor."""
        rows = list(_rows(node))
        marks = [_take_marks(row) for row in rows]
        width = min(max(len(row.children) for row in rows), _COLUMN_LIMIT)
        columns = width + (1 if any(marks) else 0)
        table = cursor.insertTable(len(rows), columns, self._table_format())
        for number, row in enumerate(rows):
            for column, cell in enumerate(row.children[:width]):
                self._cell(table.cellAt(number, column).firstCursorPosition(), cell)
            if marks[number]:
                self._chips(table.cellAt(number, width).firstCursorPosition(), marks[number])
        return table

    def _table_format(self) -> QTextTableFormat:
        made = QTextTableFormat()
        made.setBorder(0)
        made.setCellSpacing(0)
        made.setCellPadding(self._style.pixels(7.5))
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        made.setTopMargin(self._style.pixels(7))
        made.setBottomMargin(self._style.pixels(11))
        made.setHeaderRowCount(1)
        return made

    def _cell(self, cursor: QTextCursor, cell: SyntaxTreeNode) -> None:
        heading = cell.type == "th"
        size = 12.0 if heading else 13.0
        text = self._style.text_format()
        text.setFont(self._style.font(size, STRONG if heading else REGULAR))
        if heading:
            text.setForeground(self._style.colour("mute"))
        block_format = self._style.block_format(size)
        alignment = _alignment(cell)
        if alignment is not None:
            block_format.setAlignment(alignment)
        self._open(cursor, block_format, text)
        self._inline.write(cursor, cell, text)

    def _chips(self, cursor: QTextCursor, marks: str) -> None:
        text = self._style.text_format()
        text.setFont(self._style.font(13.0))
        self._open(cursor, self._style.block_format(13.0), text)
        # A word of no width puts the chips on the same line of type as the row's text.
        cursor.insertText("\u200b", text)
        for mark in marks:
            self._inline.chip(cursor, marker_of(mark))
            cursor.insertText("\u202f", text)

    @staticmethod
    def _open(cursor: QTextCursor, block: QTextBlockFormat, text: QTextCharFormat) -> None:
        cursor.setBlockFormat(block)
        cursor.setBlockCharFormat(text)


def _rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in table.children:
        yield from part.children


def _take_marks(row: SyntaxTreeNode) -> str:
    """Remove the chips from a row's cells and return them in order."""
    taken = ""
    for cell in row.children:
        for inline in cell.children:
            for leaf in inline.walk():
                if leaf.type == "text" and leaf.token is not None:
                    taken += "".join(each for each in leaf.content if is_mark(each))
                    leaf.token.content = without_marks(leaf.content).rstrip("\u00a0\u202f")
    return taken


def _alignment(cell: SyntaxTreeNode) -> Qt.AlignmentFlag | None:
    style = str(cell.attrs.get("style", ""))
    if "right" in style:
        return Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignHCenter if "center" in style else None
