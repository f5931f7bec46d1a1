"""A few lines in which a question for a model is written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from desktop.gui.widgets.restyle import set_style_property


class PromptField(QPlainTextEdit):
    """Enter asks, Shift Enter breaks the line; while it is `stoppable`, Esc stops."""

    submitted = Signal()
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stoppable = False
        self.setTabChangesFocus(True)

    @property
    def question(self) -> str:
        return self.toPlainText().strip()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_ring(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_ring(False)

    def _show_ring(self, focused: bool) -> None:
        # The field has no frame of its own; the card that it stands in shows where the keys are.
        if (frame := self.parentWidget()) is not None:
            set_style_property(frame, "focused", focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape and self.stoppable:
            self.stop_wanted.emit()
        else:
            super().keyPressEvent(event)
