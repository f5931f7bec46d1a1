"""Where the window can be: a chat, the library, the settings; each built on the first visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.gui.chat.chat_view import ChatView
from desktop.gui.chat.composer import Composer
from desktop.gui.chat.transcript import Transcript
from desktop.gui.columns import Columns
from desktop.gui.folder_watch import FolderWatch
from desktop.gui.model_tend import ModelTend
from desktop.gui.reading_place import ReadingPlace
from desktop.gui.sidebar.sidebar import Sidebar
from desktop.gui.sources.sources_panel import SourcesPanel
from desktop.gui.theme import Theme

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant
    from desktop.gui.compare.compare_view import CompareView
    from desktop.gui.library.library_view import LibraryView
    from desktop.gui.settings.settings_list import SettingsList
    from desktop.gui.settings.settings_view import SettingsView


class Places(QObject):
    """Owns the views and moves between them."""

    moved = Signal()

    def __init__(
        self, assistant: Assistant, theme: Theme, columns: Columns, sidebar: Sidebar
    ) -> None:
        super().__init__(columns)
        self._assistant = assistant
        self._theme = theme
        self._columns = columns
        self._sidebar = sidebar
        self._library: LibraryView | None = None
        self._compare: CompareView | None = None
        self._settings: SettingsView | None = None
        self._settings_list: SettingsList | None = None
        self._watch = FolderWatch(assistant, self)
        self._tend = ModelTend(assistant, self)
        self.chat = ChatView(assistant, theme)
        if (composer := self.chat.findChild(Composer)) is not None:
            self.chat.setFocusProxy(composer)
        self.sources = SourcesPanel(assistant, theme)
        self.chat.compare_requested.connect(self.open_compare)
        self.chat.passages_found.connect(self.sources.show_passages)
        self.chat.question_shown.connect(self.sources.show_question)
        columns.left.addWidget(sidebar)
        columns.centre.addWidget(self.chat)
        columns.set_right(self.sources)

    @property
    def conversation(self) -> int | None:
        """The chat in the reading column; None while it is a new one without a question."""
        return self.chat.conversation_id

    def open_chat(self, conversation_id: int) -> None:
        self.chat.open_conversation(conversation_id)
        self.show_chat()

    def open_new_chat(self) -> None:
        self.chat.new_conversation()
        self.show_chat()

    def show_chat(self) -> None:
        """Back to the chat as it was left."""
        self._sidebar.show_chats(self.conversation)
        self._go(self.chat, 0, with_sources=True)
        self.chat.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_library(self, collection_id: int | None = None) -> LibraryView:
        """Show a collection; without one the first, if there is any."""
        if self._library is None:
            from desktop.gui.library.library_view import LibraryView

            self._library = LibraryView(self._assistant, self._theme)
            self._library.collections_changed.connect(self._sidebar.refresh)
            self._columns.centre.addWidget(self._library)
        collections = self._assistant.library.collections()
        if collection_id is None and collections:
            collection_id = collections[0].id
        if collection_id is not None:
            self._library.open_collection(collection_id)
        self._sidebar.show_collections(collection_id)
        self._go(self._library, 0, with_sources=False)
        return self._library

    def open_settings(self, page: str = "") -> SettingsView:
        """Show a page of the settings; without one the page shown last."""
        if self._settings is None or self._settings_list is None:
            self._build_settings()
        assert self._settings is not None and self._settings_list is not None
        self._settings.open_page(page or self._settings.page)
        self._settings_list.show_page(self._settings.page)
        self._go(self._settings, 1, with_sources=False)
        self._settings_list.list.setFocus()
        return self._settings

    def open_compare(self) -> CompareView:
        """Show the comparison of two models as it was left."""
        if self._compare is None:
            from desktop.gui.compare.compare_view import CompareView

            self._compare = CompareView(self._assistant, self._theme)
            self._compare.closed.connect(self.show_chat)
            self._compare.kept.connect(self.open_chat)
            self._columns.centre.addWidget(self._compare)
        self._compare.refresh()
        self._sidebar.show_chats(None)
        self._go(self._compare, 0, with_sources=False)
        self._compare.field.setFocus()
        return self._compare

    def back(self) -> bool:
        """Leave the settings or the library for the chat; False when already there."""
        if self._columns.centre.currentWidget() is self.chat:
            return False
        self.show_chat()
        return True

    def reading_place(self) -> int:
        """How far above the chat's end the reader is, in pixels."""
        transcript = self.chat.findChild(Transcript)
        if transcript is None:
            return 0
        bar = transcript.verticalScrollBar()
        return bar.maximum() - bar.value()

    def restore_reading_place(self, above_end: int) -> None:
        """Scroll there as soon as the chat is laid out."""
        transcript = self.chat.findChild(Transcript)
        if transcript is not None and above_end > 0:
            ReadingPlace(transcript.verticalScrollBar(), above_end)

    def stop_watching(self) -> None:
        """Look through the folders no more; the assistant may be closed now."""
        self._watch.stop()
        self._tend.stop()

    def show_event(self, event: Event) -> None:
        """Hand an event to every view there is; each knows its own jobs."""
        self._watch.show_event(event)
        self._tend.show_event(event)
        self.chat.show_event(event)
        self.sources.show_event(event)
        if self._library is not None:
            self._library.show_event(event)
        if self._compare is not None:
            self._compare.show_event(event)
        if self._settings is not None:
            self._settings.show_event(event)

    def _build_settings(self) -> None:
        from desktop.gui.settings.settings_list import SettingsList
        from desktop.gui.settings.settings_view import SettingsView

        self._settings = SettingsView(self._assistant, self._theme)
        self._settings.compare_wanted.connect(self.open_compare)
        self._settings_list = SettingsList(self._assistant, self._theme, self._settings.pages())
        self._settings_list.page_opened.connect(self._settings.open_page)
        self._settings_list.closed.connect(self.show_chat)
        self._columns.left.addWidget(self._settings_list)
        self._columns.centre.addWidget(self._settings)

    def _go(self, view: QWidget, left: int, *, with_sources: bool) -> None:
        self._columns.left.setCurrentIndex(left)
        self._columns.centre.setCurrentWidget(view)
        self._columns.want_right(with_sources)
        self.moved.emit()
