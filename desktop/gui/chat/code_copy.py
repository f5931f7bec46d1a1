"""The copy buttons that stand on an answer's code cards."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from desktop.gui.chat.answer_cards import code_cards
from desktop.gui.chat.answer_style import CODE_HEAD, AnswerStyle
from desktop.gui.widgets.buttons import Button


class CodeCopyButtons:
    """One button per code block, kept and moved while the text around it grows."""

    def __init__(self, pane: QTextBrowser) -> None:
        self._pane = pane
        self._buttons: list[Button] = []
        self._codes: list[str] = []

    def place(self, document: QTextDocument, style: AnswerStyle) -> None:
        """Put a button on each code card."""
        cards = list(code_cards(document, style))
        self._codes = [card.code for card in cards]
        while len(self._buttons) < len(cards):
            self._buttons.append(self._button(len(self._buttons)))
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(cards))
            if number < len(cards):
                rect = cards[number].rect
                button.adjustSize()
                top = rect.top() + (style.pixels(CODE_HEAD) - button.height()) / 2
                button.move(int(rect.right()) - button.width() - 2, int(top))

    def _button(self, number: int) -> Button:
        copy = QCoreApplication.translate("CodeCopyButtons", "Copy")
        button = Button(copy, "quiet", self._pane.viewport())
        button.setAccessibleName(QCoreApplication.translate("CodeCopyButtons", "Copy code"))
        button.clicked.connect(lambda: self._copy(number))
        return button

    def _copy(self, number: int) -> None:
        QGuiApplication.clipboard().setText(self._codes[number])
