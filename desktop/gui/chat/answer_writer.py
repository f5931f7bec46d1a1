"""Writes parsed Markdown at the end of a text document, block by block, and takes it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextList,
    QTextListFormat,
)

from desktop.gui.chat.answer_style import (
    CODE_HEAD,
    CODE_PROPERTY,
    QUOTE_PROPERTY,
    RULE_PROPERTY,
    AnswerStyle,
)
from desktop.gui.chat.citation_marks import is_mark, marker_of, without_marks
from desktop.gui.chat.code_highlight import CodeRole, highlight
from desktop.gui.chat.inline_writer import InlineWriter
from desktop.gui.chat.table_writer import TableWriter

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_GAP = 8.0  # between blocks
_CODE_PADDING = 12.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in lists and quotations a block stands."""

    indent: int = 0
    quotes: int = 0
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An end of the document that can be returned to."""

    position: int
    fresh: bool


class AnswerWriter:
    """Blocks are written from the syntax tree itself: no HTML is made, nothing can be loaded."""

    def __init__(self, document: QTextDocument, style: AnswerStyle) -> None:
        self._document = document
        self._style = style
        self._inline = InlineWriter(style)
        self._cursor = QTextCursor(document)
        self._fresh = True  # the last block is empty and waits to be used
        document.setIndentWidth(style.pixels(22))

    def checkpoint(self) -> Checkpoint:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        return Checkpoint(self._cursor.position(), self._fresh)

    def append(self, node: SyntaxTreeNode) -> None:
        """Write one top-level block at the end."""
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._write(node, _Place())

    def back_to(self, checkpoint: Checkpoint) -> None:
        """Remove everything that was written after the checkpoint."""
        self._cursor.setPosition(checkpoint.position)
        self._cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._cursor.removeSelectedText()
        self._fresh = checkpoint.fresh
        if self._fresh:
            self._shrink_block()

    def _write(self, node: SyntaxTreeNode, place: _Place) -> None:
        write = {
            "paragraph": self._paragraph,
            "heading": self._heading,
            "bullet_list": self._list,
            "ordered_list": self._list,
            "blockquote": self._quote,
            "fence": self._code,
            "code_block": self._code,
            "table": self._table,
            "hr": self._rule,
        }.get(node.type)
        if write is not None:
            write(node, place)

    def _quote(self, node: SyntaxTreeNode, place: _Place) -> None:
        for child in node.children:
            self._write(child, replace(place, quotes=place.quotes + 1, tight=False))

    def _open_block(self, block_format: QTextBlockFormat, text: QTextCharFormat) -> None:
        if self._fresh:
            self._cursor.setBlockFormat(block_format)
            self._cursor.setBlockCharFormat(text)
            self._cursor.setCharFormat(text)
        else:
            self._cursor.insertBlock(block_format, text)
        self._fresh = False

    def _block_format(self, place: _Place, size: float = 14.0) -> QTextBlockFormat:
        made = self._style.block_format(size)
        made.setTopMargin(self._style.pixels(3 if place.tight else _GAP) if self._started() else 0)
        made.setIndent(place.indent)
        if place.quotes:
            made.setProperty(QUOTE_PROPERTY, place.quotes)
            made.setLeftMargin(self._style.pixels(14) * place.quotes)
        return made

    def _started(self) -> bool:
        return self._cursor.position() > 0

    def _paragraph(self, node: SyntaxTreeNode, place: _Place) -> None:
        text = self._quiet(place)
        self._open_block(self._block_format(place), text)
        self._inline.write(self._cursor, node, text)

    def _quiet(self, place: _Place) -> QTextCharFormat:
        text = self._style.text_format()
        if place.quotes:
            text.setForeground(self._style.colour("mute"))
        return text

    def _heading(self, node: SyntaxTreeNode, place: _Place) -> None:
        level = int(node.tag[1:])
        text = self._style.heading_format(level)
        block_format = self._block_format(place, self._style.heading_pixels(level))
        if self._started():
            block_format.setTopMargin(self._style.pixels(_GAP * 2))
        block_format.setHeadingLevel(level)
        self._open_block(block_format, text)
        self._inline.write(self._cursor, node, text)

    def _list(self, node: SyntaxTreeNode, place: _Place) -> None:
        list_format = QTextListFormat()
        list_format.setIndent(place.indent + 1)
        if node.type == "ordered_list":
            list_format.setStyle(QTextListFormat.Style.ListDecimal)
            list_format.setStart(int(node.attrs.get("start", 1) or 1))
        else:
            list_format.setStyle(_bullet(place.indent))
        made: QTextList | None = None
        for number, item in enumerate(node.children):
            inner = _Place(place.indent + 1, place.quotes, number > 0 or place.indent > 0)
            made = self._item(item, inner, made, list_format)

    def _item(
        self,
        item: SyntaxTreeNode,
        place: _Place,
        made: QTextList | None,
        list_format: QTextListFormat,
    ) -> QTextList | None:
        children = list(item.children)
        text = self._quiet(place)
        block_format = self._block_format(place)
        block_format.setIndent(0)  # the list's own format carries the indent
        self._open_block(block_format, text)
        if made is None:
            made = self._cursor.createList(list_format)
        else:
            made.add(self._cursor.block())
        if children and children[0].type == "paragraph":
            self._inline.write(self._cursor, children.pop(0), text)
        for child in children:
            self._write(child, replace(place, tight=child.type.endswith("_list")))
        return made

    def _code(self, node: SyntaxTreeNode, place: _Place) -> None:
        style = self._style
        language = (node.info or "").split(" ")[0].strip().lower() if node.type == "fence" else ""
        block_format = style.block_format(13.0)
        padding = style.pixels(_CODE_PADDING)
        block_format.setTopMargin(style.pixels(_GAP + CODE_HEAD))
        block_format.setBottomMargin(padding + style.pixels(4))
        block_format.setLeftMargin(padding)
        block_format.setRightMargin(padding)
        block_format.setIndent(place.indent)
        block_format.setProperty(CODE_PROPERTY, without_marks(language) or "text")
        runs = highlight(without_marks(node.content).rstrip("\n"), language)
        self._open_block(block_format, style.code_format(CodeRole.PLAIN))
        for run in runs:
            # Line separators keep all lines in one block, which is one card.
            text = run.text.replace("\n", "\u2028")
            self._cursor.insertText(text, style.code_format(run.role))
        self._chips(node.content)

    def _chips(self, content: str) -> None:
        for character in content:
            if is_mark(character):
                self._inline.chip(self._cursor, marker_of(character))

    def _table(self, node: SyntaxTreeNode, _place: _Place) -> None:
        TableWriter(self._style, self._inline).write(self._cursor, node)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True
        self._shrink_block()

    def _rule(self, _node: SyntaxTreeNode, place: _Place) -> None:
        block_format = self._block_format(place)
        block_format.setProperty(RULE_PROPERTY, True)
        self._open_block(block_format, self._style.text_format())

    def _shrink_block(self) -> None:
        """Qt keeps an empty block around each table; it must not show as a blank line."""
        block_format = QTextBlockFormat()
        block_format.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        text = self._style.text_format()
        text.setFontPointSize(1)
        self._cursor.setBlockFormat(block_format)
        self._cursor.setBlockCharFormat(text)


def _bullet(indent: int) -> QTextListFormat.Style:
    styles = (
        QTextListFormat.Style.ListDisc,
        QTextListFormat.Style.ListCircle,
        QTextListFormat.Style.ListSquare,
    )
    return styles[min(indent, 2)]
