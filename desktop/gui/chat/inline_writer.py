"""Writes the inside of a paragraph: emphasis, code, links that lead nowhere, and chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor

from desktop.gui.chat.answer_style import STRONG, TARGET_PROPERTY, AnswerStyle
from desktop.gui.chat.citation_marks import is_mark, marker_of, without_marks

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_OBJECT = "\ufffc"


class InlineWriter:
    """Walks inline nodes; an unknown kind of node is written as its text."""

    def __init__(self, style: AnswerStyle) -> None:
        self._style = style

    def write(self, cursor: QTextCursor, node: SyntaxTreeNode, text: QTextCharFormat) -> None:
        """Write all inline content of a block at the cursor."""
        for inline in node.children:
            for child in inline.children:
                self._node(cursor, child, text)

    def chip(self, cursor: QTextCursor, marker: int | None) -> None:
        cursor.insertText(_OBJECT, self._style.chip_format(marker))

    def _node(self, cursor: QTextCursor, node: SyntaxTreeNode, text: QTextCharFormat) -> None:
        if node.type in ("softbreak", "hardbreak"):
            cursor.insertText(" " if node.type == "softbreak" else "\u2028", text)
        elif node.type == "code_inline":
            self._text(cursor, node.content, self._style.inline_code_format(text))
        elif node.type == "image":
            self._image(cursor, node, text)
        elif node.type == "link":
            self._link(cursor, node, text)
        elif node.children:
            inner = _emphasised(node.type, text)
            for child in node.children:
                self._node(cursor, child, inner)
        elif node.type not in ("strong", "em", "s"):
            self._text(cursor, node.content, text)

    def _text(self, cursor: QTextCursor, content: str, text: QTextCharFormat) -> None:
        plain = ""
        for character in content:
            if not is_mark(character):
                plain += character
                continue
            cursor.insertText(plain, text)
            plain = ""
            self.chip(cursor, marker_of(character))
        # A document may carry its own object characters; they must not be taken for chips.
        cursor.insertText(plain.replace(_OBJECT, "\ufffd"), text)

    def _image(self, cursor: QTextCursor, node: SyntaxTreeNode, text: QTextCharFormat) -> None:
        """An image is its description: the picture itself is never looked for."""
        quiet = _emphasised("em", text)
        quiet.setForeground(self._style.colour("mute"))
        self._text(cursor, node.content or str(node.attrs.get("alt", "")), quiet)

    def _link(self, cursor: QTextCursor, node: SyntaxTreeNode, text: QTextCharFormat) -> None:
        target = without_marks(str(node.attrs.get("href", "")))
        shown = QTextCharFormat(text)
        shown.setFontUnderline(True)
        shown.setProperty(TARGET_PROPERTY, target)
        for child in node.children:
            self._node(cursor, child, shown)
        written = "".join(leaf.content for leaf in node.walk() if leaf.type == "text")
        if target and target != written:
            quiet = QTextCharFormat(text)
            quiet.setForeground(self._style.colour("mute"))
            cursor.insertText(f" ({target})", quiet)


def _emphasised(kind: str, text: QTextCharFormat) -> QTextCharFormat:
    made = QTextCharFormat(text)
    if kind == "strong":
        made.setFontWeight(QFont.Weight(STRONG))
    elif kind == "em":
        made.setFontItalic(True)
    elif kind == "s":
        made.setFontStrikeOut(True)
    return made
