"""The window: three columns, the keys, and the events handed on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from desktop.domain.answers import Answer, Citation
from desktop.domain.errors import StorageError
from desktop.gui.chat_actions import ChatActions
from desktop.gui.columns import Columns
from desktop.gui.mailbox import Mailbox
from desktop.gui.places import Places
from desktop.gui.shortcuts import (
    Shortcut,
    ShortcutGroup,
    ShortcutSheet,
    bind,
    view_shortcuts,
)
from desktop.gui.sidebar.sidebar import Sidebar
from desktop.gui.theme import Theme
from desktop.gui.tokens import HEADER_HEIGHT
from desktop.gui.widgets.notice import NoticeBar
from desktop.gui.window_state import WindowState

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant

_SMALLEST = (640, 480)
_NOTICE_WIDTH = 460
_SAVE_SOON_MS = 1000


class MainWindow(QMainWindow):
    """Builds the columns, remembers its state, and hands every event to the views."""

    def __init__(self, assistant: Assistant, mailbox: Mailbox, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Carrel")
        self.setMinimumSize(*_SMALLEST)
        self._assistant = assistant
        self._theme = theme
        self._state = WindowState.read(assistant.preferences.window_state())
        self._columns = Columns(theme)
        self._sidebar = Sidebar(assistant, theme)
        self._places = Places(assistant, theme, self._columns, self._sidebar)
        self.setCentralWidget(self._columns)
        self._notice = NoticeBar(self)
        self._notice.shown.connect(self._place_notice)
        self._columns.centre.installEventFilter(self)
        self._actions = ChatActions(assistant, self._places, self._sidebar, self._notice)
        self._places.chat.citation_opened.connect(self._open_citation)
        self._places.chat.answer_shown.connect(self._places.sources.show_answer)
        self._connect_folding()
        self._groups = self._shortcut_groups()
        bind(self, self._groups)
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(_SAVE_SOON_MS)
        self._save_soon.timeout.connect(self.save_state)
        self._restore()
        self._places.moved.connect(self._save_soon.start)
        mailbox.arrived.connect(self.show_events)
        self._actions.tell_what_was_set_aside()

    @property
    def places(self) -> Places:
        return self._places

    @property
    def sidebar(self) -> Sidebar:
        return self._sidebar

    @property
    def columns(self) -> Columns:
        return self._columns

    @property
    def notice(self) -> NoticeBar:
        return self._notice

    def show_events(self, events: Sequence[Event]) -> None:
        """Hand a batch to everyone who may own one of its jobs."""
        for event in events:
            self._places.show_event(event)
            self._sidebar.show_event(event)

    def save_state(self) -> None:
        """Keep size, folds and place; also done a second after each move, against a crash."""
        size = self.normalGeometry().size() if self.isMaximized() else self.size()
        self._state = WindowState(
            width=size.width(),
            height=size.height(),
            maximized=self.isMaximized(),
            sidebar_folded=self._columns.left_folded,
            sources_folded=self._columns.right_folded,
            conversation=self._places.conversation or 0,
            above_end=self._places.reading_place(),
        )
        # A full disk must not keep the window from closing; only its size and place are lost.
        with suppress(StorageError):
            self._assistant.preferences.save_window_state(self._state.as_dict())

    def toggle_sidebar(self) -> None:
        self._columns.fold_left(not self._columns.left_folded)
        self._save_soon.start()

    def toggle_sources(self) -> None:
        self._columns.fold_right(self._columns.right_shown())
        self._save_soon.start()

    def search(self) -> None:
        """Put the keys into the search box, unfolding what hides it."""
        if self._columns.left.currentIndex() != 0:
            self._places.show_chat()
        if self._columns.left_folded:
            self._columns.fold_left(False)
        self._sidebar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._sidebar.search.selectAll()

    def show_shortcuts(self) -> None:
        ShortcutSheet(self._theme, self._groups, self).open()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._save_soon.stop()
        self._places.stop_watching()
        self.save_state()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_notice()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._columns.centre and event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.Move,
        ):
            self._place_notice()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Esc comes here only when nothing nearer, such as a running answer, wanted it.
        if event.key() == Qt.Key.Key_Escape:
            if self._columns.overlaid and self._columns.right_shown():
                self._columns.fold_right(True)
            else:
                self._places.back()
            return
        super().keyPressEvent(event)

    def _connect_folding(self) -> None:
        self._sidebar.fold_wanted.connect(self.toggle_sidebar)
        rail = self._columns.rail
        rail.unfold_wanted.connect(self.toggle_sidebar)
        rail.new_chat.connect(self._actions.new_chat)
        rail.library_opened.connect(self._actions.open_library)
        rail.settings_opened.connect(self._actions.open_settings)

    def _open_citation(self, answer: Answer, citation: Citation) -> None:
        self._columns.fold_right(False)
        self._places.sources.open_citation(answer, citation)

    def _restore(self) -> None:
        self.resize(self._state.width, self._state.height)
        if self._state.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._columns.restore(
            left_folded=self._state.sidebar_folded, right_folded=self._state.sources_folded
        )
        self._actions.open_some_chat(self._state.conversation)
        if self._places.conversation == self._state.conversation:
            self._places.restore_reading_place(self._state.above_end)

    def _place_notice(self) -> None:
        # Over the middle column, under its header: the composer stays free.
        column, room = self._columns.centre.geometry(), self.width()
        top, width = self._theme.px(HEADER_HEIGHT), self._theme.px(_NOTICE_WIDTH)
        self._notice.place_over(column, room, top, width)

    def _shortcut_groups(self) -> tuple[ShortcutGroup, ...]:
        tr = self.tr
        window = (
            Shortcut("Ctrl+N", tr("New chat"), self._actions.new_chat),
            Shortcut("Ctrl+K", tr("Search"), self.search),
            Shortcut("Ctrl+L", tr("Library"), self._actions.open_library),
            Shortcut("Ctrl+,", tr("Settings"), self._actions.open_settings),
            Shortcut("Ctrl+B", tr("Fold the sidebar"), self.toggle_sidebar),
            Shortcut("Ctrl+Shift+B", tr("Fold the sources"), self.toggle_sources),
            Shortcut("Ctrl+/", tr("This sheet"), self.show_shortcuts),
            Shortcut("Ctrl+Q", tr("Quit"), self.close),
        )
        return (ShortcutGroup(tr("Window"), window), *view_shortcuts())
