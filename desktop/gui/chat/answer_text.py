"""An answer's text on the page: written while it streams, finished blocks never touched again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.domain.answers import Statement
from desktop.gui.chat.answer_cards import AnswerCards
from desktop.gui.chat.answer_style import CHIP_OBJECT, CHIP_PROPERTY, AnswerStyle
from desktop.gui.chat.answer_writer import AnswerWriter, Checkpoint
from desktop.gui.chat.citation_chip import CitationChip
from desktop.gui.chat.citation_marks import marked_text, neutral
from desktop.gui.chat.code_copy import CodeCopyButtons
from desktop.gui.chat.markdown_blocks import MarkdownParser, settle_tail
from desktop.gui.chat.text_pane import TextPane


class AnswerText(TextPane):
    """Grows by pieces; `finish` gives it its citations."""

    citation_clicked = Signal(int)
    chip_hovered = Signal(int, QPoint)  # a marker, -1 for "not found"; where to show its passage
    chip_left = Signal()

    def __init__(self, style: AnswerStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._parser = MarkdownParser()
        self._chip = CitationChip(style)
        self.document().documentLayout().registerHandler(CHIP_OBJECT, self._chip)
        self._buttons = CodeCopyButtons(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._render_tail)
        self._statements: Sequence[Statement] = ()
        self._text = ""
        self._streaming = False
        self._hovered: int | None = None
        self._start_over()
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)
        self.anchorClicked.connect(self._follow)
        self.setAccessibleName(self.tr("Answer"))

    @property
    def text(self) -> str:
        """The answer's Markdown as it stands."""
        return self._text

    def set_style(self, style: AnswerStyle) -> None:
        """Write everything again in other fonts and colours."""
        self._style = style
        self._chip.set_style(style)
        self._rewrite()

    def set_streaming(self, streaming: bool) -> None:
        self._streaming = streaming
        self.viewport().update()

    def append_text(self, piece: str) -> None:
        """Add characters; they are drawn at the next turn of the window's loop."""
        self._text += neutral(piece)
        if not self._timer.isActive():
            # A tail that is slow to write (a very long table) is written less often.
            self._timer.start(_pause_ms(self._tail_seconds))

    def finish(self, text: str, statements: Sequence[Statement] = ()) -> None:
        """Show the whole answer with its chips."""
        self._timer.stop()
        self._streaming = False
        self._text = text
        self._statements = statements
        self._rewrite()

    def _start_over(self) -> None:
        self.document().clear()
        self._writer = AnswerWriter(self.document(), self._style)
        self._cards = AnswerCards(self.document(), self._style)
        self._settled = 0  # the text before this is written for good
        self._checkpoint: Checkpoint = self._writer.checkpoint()
        self._tail_seconds = 0.0

    def _rewrite(self) -> None:
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        self._start_over()
        if self._streaming:
            self._render_tail()
        else:
            for block in self._parser.blocks(marked_text(self._text, self._statements)):
                self._writer.append(block.node)
        edit.endEditBlock()
        self._place_buttons()

    def _render_tail(self) -> None:
        """Replace the last block, and keep those that can no longer change."""
        started = time.perf_counter()
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        self._writer.back_to(self._checkpoint)
        tail = self._text[self._settled :]
        found = self._parser.blocks(tail)
        for block in found[:-1]:
            self._writer.append(block.node)
        if found:
            self._settled += found[-1].start if len(found) > 1 else 0
            self._checkpoint = self._writer.checkpoint()
            for block in self._parser.blocks(settle_tail(self._text[self._settled :])):
                self._writer.append(block.node)
        edit.endEditBlock()
        self._place_buttons()
        self._tail_seconds = time.perf_counter() - started

    def _place_buttons(self) -> None:
        self._buttons.place(self.document(), self._style)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._cards.paint(painter)
        painter.end()
        super().paintEvent(event)
        if self._streaming:
            self._paint_caret()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._hover(QPoint(-1, -1))  # the chip moves away from under the pointer
        super().wheelEvent(event)

    def _paint_caret(self) -> None:
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        place = self.cursorRect(end)
        painter = QPainter(self.viewport())
        height = self._style.pixels(17)
        top = place.center().y() - height / 2
        left = min(place.left() + 1, self.viewport().width() - 2)
        painter.fillRect(QRectF(left, top, 2, height), self._style.colour("acc"))

    def _follow(self, url: QUrl) -> None:
        target = url.toString().removeprefix("citation:")
        if target.isdigit():
            self.citation_clicked.emit(int(target))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.viewport():
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
                self._hover(event.position().toPoint())
            elif event.type() == QEvent.Type.Leave:
                self._hover(QPoint(-1, -1))
            elif event.type() == QEvent.Type.ToolTip:
                return True  # Qt would show a link's target as rich text
        return super().eventFilter(watched, event)

    def _hover(self, place: QPoint) -> None:
        marker = self._marker_at(place)
        if marker == self._hovered:
            return
        self._hovered = marker
        if marker is None:
            self.chip_left.emit()
        else:
            below = place + QPoint(0, self._style.pixels(16))
            self.chip_hovered.emit(marker, self.viewport().mapToGlobal(below))

    def _marker_at(self, place: QPoint) -> int | None:
        if not self.anchorAt(place).startswith("citation:"):
            return None
        cursor = self.cursorForPosition(place)
        for position in (cursor.position(), cursor.position() + 1):
            probe = QTextCursor(self.document())
            probe.setPosition(min(position, self.document().characterCount() - 1))
            shape = probe.charFormat()
            if shape.objectType() == CHIP_OBJECT:
                return int(shape.intProperty(CHIP_PROPERTY))
        return None


def _pause_ms(seconds: float) -> int:
    """How long to wait before a tail that took so long is written again."""
    return 0 if seconds < 0.004 else min(int(seconds * 3000), 250)
