"""Every key the window answers, in one list, and the sheet that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import KeyCap, Label, SectionLabel


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys and what they do; `action` is None where a view answers them itself."""

    keys: str
    text: str
    action: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Keys that belong together, under one heading."""

    title: str
    shortcuts: tuple[Shortcut, ...]


def view_shortcuts() -> tuple[ShortcutGroup, ...]:
    """The keys that the views answer themselves, for the sheet."""
    tr = QCoreApplication.translate
    chat = (
        Shortcut("Enter", tr("Shortcuts", "Send the question")),
        Shortcut("Shift+Enter", tr("Shortcuts", "New line")),
        Shortcut("Up", tr("Shortcuts", "Edit the last question")),
        Shortcut("Esc", tr("Shortcuts", "Stop the answer, or go back")),
    )
    sidebar = (
        Shortcut("F2", tr("Shortcuts", "Rename the chosen chat")),
        Shortcut("Del", tr("Shortcuts", "Delete the chosen chat")),
    )
    return (
        ShortcutGroup(tr("Shortcuts", "Chat"), chat),
        ShortcutGroup(tr("Shortcuts", "Sidebar"), sidebar),
    )


def bind(window: QWidget, groups: tuple[ShortcutGroup, ...]) -> None:
    """Make the window answer the keys that have an action."""
    for group in groups:
        for shortcut in group.shortcuts:
            if shortcut.action is not None:
                key = QShortcut(QKeySequence(shortcut.keys), window)
                key.activated.connect(shortcut.action)


class ShortcutSheet(QDialog):
    """All keys on one sheet; Esc closes it."""

    def __init__(self, theme: Theme, groups: tuple[ShortcutGroup, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Label(self.tr("Keyboard shortcuts"), size=15, weight=600))
        for group in groups:
            column.addWidget(SectionLabel(group.title))
            column.addLayout(_grid(group))
        close = Button(self.tr("Close"), "secondary")
        close.clicked.connect(self.close)
        column.addSpacing(4)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignTrailing)


def _grid(group: ShortcutGroup) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    for row, shortcut in enumerate(group.shortcuts):
        grid.addWidget(Label(shortcut.text, size=13), row, 0)
        cap = KeyCap(shortcut.keys.replace("+", " "))
        grid.addWidget(cap, row, 1, Qt.AlignmentFlag.AlignTrailing)
    return grid
