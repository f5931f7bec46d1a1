"""The text of a page of a document without printed pages, with a citation's words marked."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.theme import Theme


class PageText(QPlainTextEdit):
    """Plain text that can be selected and not changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._start = self._end = 0
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text of the document"))
        self._restyle()
        theme.changed.connect(self._restyle)

    def show_text(self, text: str, start: int, end: int) -> None:
        """Show the text with [start, end) marked and in sight."""
        # One for one: Qt counts a character outside the first plane as two.
        self.setPlainText(text)
        self._start, self._end = _utf16(text, start), _utf16(text, end)
        self._mark()
        QTimer.singleShot(0, self, self._go_to_mark)

    def marked_text(self) -> str:
        selections = self.extraSelections()
        return selections[0].cursor.selectedText() if selections else ""

    def _go_to_mark(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(self._start, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.centerCursor()

    def _mark(self) -> None:
        style = AnswerStyle(self._theme)
        selection = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(style.colour("hl"))
        look.setForeground(style.colour("on_hl"))
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(self._start, last))
        cursor.setPosition(min(self._end, last), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor, selection.format = cursor, look
        self.setExtraSelections([selection] if cursor.hasSelection() else [])

    def _restyle(self) -> None:
        # The style sheet's size would win over a font that is set here.
        self.setStyleSheet(f"font-size: {self._theme.px(13)}px;")
        self._mark()


def _utf16(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
