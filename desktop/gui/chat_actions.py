"""What is done to chats from the sidebar and from an empty chat, with the way to undo it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.assistant.sentences import sentence_for
from desktop.domain.errors import CarrelError
from desktop.gui.file_dialogs import ask_folder
from desktop.gui.name_dialog import NameDialog
from desktop.gui.places import Places
from desktop.gui.sidebar.sidebar import Sidebar
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ChatActions(QObject):
    """Asks the assistant, then shows the result in the sidebar and the chat."""

    def __init__(
        self, assistant: Assistant, places: Places, sidebar: Sidebar, notice: NoticeBar
    ) -> None:
        super().__init__(places)
        self._assistant = assistant
        self._places = places
        self._sidebar = sidebar
        self._notice = notice
        sidebar.new_chat.connect(self.new_chat)
        sidebar.chat_opened.connect(places.open_chat)
        sidebar.chat_renamed.connect(self.rename)
        sidebar.chat_pinned.connect(self.pin)
        sidebar.chat_removed.connect(self.remove)
        sidebar.collection_opened.connect(places.open_library)
        sidebar.new_collection.connect(self.ask_collection)
        sidebar.library_opened.connect(self.open_library)
        sidebar.settings_opened.connect(self.open_settings)
        chat = places.chat
        chat.conversation_changed.connect(self._show_chats)
        chat.add_folder_requested.connect(self.ask_folder)
        chat.files_dropped.connect(self.add_files)
        chat.import_model_requested.connect(self.import_model)
        chat.model_page_requested.connect(lambda: places.open_settings("models"))

    def open_some_chat(self, wanted: int = 0) -> None:
        """Open the wanted chat if it is there, else the latest, else a new one."""
        conversations = self._assistant.chats.conversations()
        known = {conversation.id for conversation in conversations}
        if wanted in known:
            self._places.open_chat(wanted)
        elif conversations:
            latest = max(conversations, key=lambda conversation: conversation.updated_at)
            self._places.open_chat(latest.id)
        else:
            self.new_chat()

    def new_chat(self) -> None:
        self._places.open_new_chat()

    def open_library(self) -> None:
        self._places.open_library()

    def open_settings(self) -> None:
        self._places.open_settings()

    def tell_what_was_set_aside(self) -> None:
        """Say that the settings could not be read and where they are now."""
        name = self._assistant.preferences.set_aside
        if name:
            text = self.tr(
                "The settings could not be read. They are kept as {name}; defaults apply."
            )
            self._notice.say(text.format(name=name), "warn", seconds=0)

    def rename(self, conversation_id: int, title: str) -> None:
        if self._kept(lambda: self._assistant.chats.rename(conversation_id, title)):
            self._show_changed(conversation_id)

    def pin(self, conversation_id: int, pinned: bool) -> None:
        self._kept(lambda: self._assistant.chats.pin(conversation_id, pinned))
        self._sidebar.refresh()

    def remove(self, conversation_id: int) -> None:
        """Delete at once and offer to undo it."""
        titles = {c.id: c.title for c in self._assistant.chats.conversations()}
        if not self._kept(lambda: self._assistant.chats.remove(conversation_id)):
            return
        if conversation_id == self._places.conversation:
            self.open_some_chat()
        self._sidebar.refresh()
        title = titles.get(conversation_id) or self.tr("New chat")
        self._notice.say(
            self.tr("“{title}” was deleted.").format(title=title),
            action=self.tr("Undo"),
            do=lambda: self._restore(conversation_id),
        )

    def ask_collection(self) -> None:
        NameDialog(
            self._sidebar.window(),
            self.tr("Name of the new collection"),
            self.tr("Create"),
            self._create_collection,
        ).open()

    def ask_folder(self) -> None:
        ask_folder(
            self._sidebar.window(),
            self.tr("Add a folder"),
            lambda folder: self.add_files([folder], self._chat_collection()),
        )

    def add_files(self, paths: Sequence[Path], collection_id: int | None) -> None:
        """Read files into a collection, or into a new one named like the first of them."""
        if collection_id is None:
            # A folder's name may hold bytes and line breaks that a collection's may not.
            plain = "".join(sign if sign.isprintable() else "?" for sign in paths[0].stem)
            name = plain.strip()[:100].strip() or self.tr("My files")
            collection_id = self._assistant.library.create(name).id
        self._places.open_library(collection_id).add_paths(paths)

    def import_model(self) -> None:
        self._places.open_settings("models").ask_model_file()

    def _restore(self, conversation_id: int) -> None:
        if self._kept(lambda: self._assistant.chats.restore(conversation_id)):
            self._places.open_chat(conversation_id)

    def _kept(self, change: Callable[[], None]) -> bool:
        """Whether a change could be written; where not, the reason is shown."""
        try:
            change()
        except CarrelError as error:
            self._notice.say(sentence_for(error).line, "bad", seconds=0)
            return False
        return True

    def _create_collection(self, name: str) -> None:
        try:
            made = self._assistant.library.create(name)
        except CarrelError as error:
            self._notice.say(sentence_for(error).line, "bad", seconds=0)
            return
        self._places.open_library(made.id)

    def _show_changed(self, conversation_id: int) -> None:
        self._sidebar.refresh()
        if conversation_id == self._places.conversation:
            self._places.chat.open_conversation(conversation_id)

    def _show_chats(self) -> None:
        self._sidebar.show_chats(self._places.conversation)

    def _chat_collection(self) -> int | None:
        conversation_id = self._places.conversation
        if conversation_id is None:
            return None
        return self._assistant.chats.conversation(conversation_id).collection_id
