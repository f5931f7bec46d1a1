"""A text for machines, edited in monospace and checked while one writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.gui.fonts import mono_font
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label

_CHECK_MS = 250


@dataclass(frozen=True, slots=True)
class CodeTask:
    """What is edited: `check` says why a text cannot be used, "" where it can.

    `start` is what the editor begins with, `default` what "Reset" goes back to; `reset` names it.
    """

    title: str
    detail: str
    start: str
    default: str
    reset: str
    check: Callable[[str], str]
    save: Callable[[str], None]
    read_only: bool = False


class CodeDialog(QDialog):
    """Ctrl Enter saves, Esc leaves; a text that fails its check cannot be saved."""

    def __init__(self, theme: Theme, task: CodeTask, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(task.title)
        self.resize(min(theme.px(680), 1000), min(theme.px(520), 760))
        self._task = task
        self.editor = QPlainTextEdit(task.start)
        self.editor.setObjectName("codeEditor")
        self.editor.setFont(mono_font(theme.px(13)))
        self.editor.setStyleSheet(f"font-family: '{mono_font(13).family()}';")
        self.editor.setAccessibleName(task.title)
        self.editor.setAccessibleDescription(task.detail)
        self.editor.setReadOnly(task.read_only)
        self.editor.setTabChangesFocus(True)
        self.verdict = Label(size=12, tone="mute", wrap=True)
        self.save = Button(self.tr("Save"), "primary")
        self.reset = Button(task.reset)
        self._settled = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._settled.timeout.connect(self.check)
        self._lay_out()
        self.editor.textChanged.connect(self._settled.start)
        self.check()

    def check(self) -> bool:
        """Whether the text can be saved; says why where it cannot."""
        self._settled.stop()
        reason = self._task.check(self.editor.toPlainText())
        self.verdict.setText(reason or self.tr("Checked: it works."))
        self.verdict.set_tone("bad" if reason else "mute")
        self.save.setEnabled(not reason and not self._task.read_only)
        return not reason

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(10)
        column.addWidget(Label(self._task.title, size=15, weight=600, wrap=True))
        column.addWidget(Label(self._task.detail, size=13, tone="mute", wrap=True))
        column.addWidget(self.editor, 1)
        column.addWidget(self.verdict)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.reset.clicked.connect(lambda: self.editor.setPlainText(self._task.default))
        self.reset.setVisible(not self._task.read_only)
        cancel = Button(self.tr("Close") if self._task.read_only else self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save.setShortcut("Ctrl+Return")
        self.save.setToolTip(self.tr("Ctrl Enter"))
        self.save.clicked.connect(self._finish)
        self.save.setVisible(not self._task.read_only)
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        column.addLayout(row)

    def _finish(self) -> None:
        if self.check():
            text = self.editor.toPlainText()
            self.accept()
            self._task.save(text)
