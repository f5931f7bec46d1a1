"""The sidebar: new chat, search, the chats or the collections, the places, the status."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.assistant.events import Event, MessageSaved, ModelLoaded
from desktop.gui.icons import icon_pixmap
from desktop.gui.sidebar.collection_rows import NEW_COLLECTION, collection_key, collection_rows
from desktop.gui.sidebar.nav_button import NavButton
from desktop.gui.sidebar.rows import chat_rows, found_rows
from desktop.gui.sidebar.search_field import SearchField
from desktop.gui.sidebar.side_list import SideList
from desktop.gui.status_foot import StatusFoot
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_SEARCH_DELAY_MS = 120


class Sidebar(QFrame):
    """Says what was chosen; the window decides what is shown."""

    new_chat = Signal()
    chat_opened = Signal(int)
    chat_renamed = Signal(int, str)
    chat_pinned = Signal(int, bool)
    chat_removed = Signal(int)
    collection_opened = Signal(int)
    new_collection = Signal()
    library_opened = Signal()
    settings_opened = Signal()
    fold_wanted = Signal()

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        clock: Callable[[], float] = time.time,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Sidebar"))
        self._assistant = assistant
        self._theme = theme
        self._clock = clock
        self._in_library = False
        self._chat: int | None = None
        self._collection: int | None = None
        self._search_soon = QTimer(self)
        self._search_soon.setSingleShot(True)
        self._search_soon.setInterval(_SEARCH_DELAY_MS)
        self._search_soon.timeout.connect(self.refresh)
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        theme = self._theme
        self._new = NavButton(theme, self.tr("New chat"), keys="Ctrl N", height=34, raised=True)
        self.search = SearchField(theme, "Ctrl K")
        self.search.setPlaceholderText(self.tr("Search everything"))
        self.search.setAccessibleName(self.tr("Search chats and collections"))
        self.list = SideList(theme, self.tr("Chats"), editable=True)
        self._library = NavButton(theme, self.tr("Library"))
        self._library.setCheckable(True)
        self._settings = NavButton(theme, self.tr("Settings"), keys="Ctrl ,")
        self.foot = StatusFoot(self._assistant, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 10)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._new)
        column.addSpacing(9)
        column.addWidget(self.search)
        column.addSpacing(12)
        column.addWidget(self.list, 1)
        column.addSpacing(8)
        column.addWidget(self._library)
        column.addWidget(self._settings)
        column.addSpacing(11)
        column.addWidget(self.foot)

    def _head(self) -> QHBoxLayout:
        fold = Button("", "icon")
        fold.set_icon(self._theme, "sidebar", "faint", size=18)
        fold.setAccessibleName(self.tr("Fold the sidebar"))
        fold.setToolTip(self.tr("Fold the sidebar (Ctrl B)"))
        fold.clicked.connect(self.fold_wanted)
        row = QHBoxLayout()
        row.setContentsMargins(6, 11, 0, 6)
        row.addWidget(Wordmark(self._theme), 1)
        row.addWidget(fold)
        return row

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_chat)
        self.search.textChanged.connect(self._search_soon.start)
        self.search.cleared.connect(self.list.setFocus)
        self.search.down_pressed.connect(self._enter_results)
        self.search.returnPressed.connect(self._open_first_result)
        self.list.opened.connect(self._open)
        self.list.renamed.connect(self._rename)
        self.list.pinned.connect(self._pin)
        self.list.removed.connect(self._remove)
        self._library.clicked.connect(self.library_opened)
        self._settings.clicked.connect(self.settings_opened)

    def show_chats(self, current: int | None) -> None:
        """List the chats, with the current one selected."""
        self._in_library, self._chat = False, current
        self.refresh()

    def show_collections(self, current: int | None) -> None:
        """List the collections, with the current one selected."""
        self._in_library, self._collection = True, current
        self.refresh()

    def refresh(self) -> None:
        """Read again what is listed."""
        collections = self._assistant.library.collections()
        count = self.tr("%n collection(s)", "", len(collections))
        self._library.set_aside(_plural(count, len(collections)))
        self._library.setChecked(self._in_library)
        text = self.search.text().strip()
        if text:
            named = [c for c in collections if text.lower() in c.name.lower()]
            found = self._assistant.chats.search(text)
            self.list.setAccessibleName(self.tr("Search results"))
            rows = found_rows(found, [(collection_key(c.id), c.name) for c in named])
            self.list.show_rows(rows, self._chat)
        elif self._in_library:
            self.list.setAccessibleName(self.tr("Collections"))
            selected = None if self._collection is None else collection_key(self._collection)
            self.list.show_rows(collection_rows(collections), selected)
        else:
            self.list.setAccessibleName(self.tr("Chats"))
            chats = self._assistant.chats.conversations()
            self.list.show_rows(chat_rows(chats, self._clock()), self._chat)

    def show_event(self, event: Event) -> None:
        if isinstance(event.body, MessageSaved):
            self.refresh()
        elif isinstance(event.body, ModelLoaded) or event.closing:
            self.foot.refresh()

    def _enter_results(self) -> None:
        self._search_now()
        self.list.take_first()

    def _open_first_result(self) -> None:
        self._search_now()
        if self.search.text().strip():
            self.list.open_first()

    def _search_now(self) -> None:
        if self._search_soon.isActive():
            self._search_soon.stop()
            self.refresh()

    def _open(self, key: object) -> None:
        if key == NEW_COLLECTION:
            self.new_collection.emit()
        elif isinstance(key, str):
            self.collection_opened.emit(int(key.partition(":")[2]))
        elif isinstance(key, int):
            self.chat_opened.emit(key)

    def _rename(self, key: object, title: str) -> None:
        if isinstance(key, int):
            self.chat_renamed.emit(key, title)

    def _pin(self, key: object, pinned: bool) -> None:
        if isinstance(key, int):
            self.chat_pinned.emit(key, pinned)

    def _remove(self, key: object) -> None:
        if isinstance(key, int):
            self.chat_removed.emit(key)


class Wordmark(QWidget):
    """The logo and the name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 5, 0, 5)
        row.setSpacing(9)
        self._logo = QLabel()
        row.addWidget(self._logo)
        row.addWidget(Label("Carrel", size=15, weight=600))
        row.addStretch(1)
        self._draw()
        theme.changed.connect(self._draw)

    def _draw(self) -> None:
        tokens = self._theme.tokens
        ratio = self.devicePixelRatioF()
        self._logo.setPixmap(
            icon_pixmap("logo", tokens.acc, self._theme.px(22), ratio, tokens.on_acc)
        )


def _plural(translated: str, number: int) -> str:
    # Without a loaded translation Qt leaves the source text's "(s)" as it is.
    return translated.replace("(s)", "" if number == 1 else "s")
