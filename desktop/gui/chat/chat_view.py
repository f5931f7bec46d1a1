"""The reading column: shows one conversation, sends questions, and follows their answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.assistant.events import Event, Finished, ModelLoaded
from desktop.assistant.sentences import Sentence
from desktop.domain.answers import Answer, AnswerMode, Citation
from desktop.domain.conversations import Conversation, Role
from desktop.domain.documents import Collection, Document
from desktop.gui.chat.answer_run import AnswerRun
from desktop.gui.chat.answer_runs import AnswerRuns
from desktop.gui.chat.chat_collections import ChatCollections
from desktop.gui.chat.chat_foot import ChatFoot
from desktop.gui.chat.chat_header import ChatHeader
from desktop.gui.chat.chat_models import ChatModels
from desktop.gui.chat.composer import Composer
from desktop.gui.chat.draft_keeper import DraftKeeper
from desktop.gui.chat.empty_chat import EmptyChat
from desktop.gui.chat.load_strip import LoadStrip
from desktop.gui.chat.markdown_blocks import MarkdownParser
from desktop.gui.chat.reading_column import ReadingColumn
from desktop.gui.chat.reading_watch import ReadingWatch
from desktop.gui.chat.start_offers import StartOffers
from desktop.gui.chat.transcript import Transcript
from desktop.gui.theme import Theme
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

# The window is drawn by then, and nobody has asked yet.
_IDLE_MS = 200


class ChatView(QWidget):
    """One conversation at a time; answers of the others go on meanwhile."""

    conversation_changed = Signal()
    citation_opened = Signal(object, object)  # Answer, Citation
    answer_shown = Signal(object)  # Answer or None
    question_shown = Signal(str)  # the question of the answer that is shown
    passages_found = Signal(object)  # tuple of RetrievedChunk, while the answer is made
    add_folder_requested = Signal()
    files_dropped = Signal(object, object)  # list of Path, collection id or None
    import_model_requested = Signal()
    model_page_requested = Signal()
    compare_requested = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._conversation: Conversation | None = None
        self._collection_id: int | None = None
        self._header = ChatHeader(theme)
        self._notice = NoticeBar()
        self.models = ChatModels(assistant, theme, self._header, self._notice)
        self._transcript = Transcript(theme)
        self._empty = EmptyChat(theme)
        self._watch = ReadingWatch(assistant)
        self._composer = Composer(theme)
        self._drafts = DraftKeeper(assistant, self._composer)
        self._collections = ChatCollections(assistant)
        self._runs = AnswerRuns(assistant, self)
        self._offers = StartOffers(assistant, self._empty, self._collections, self._watch)
        self._lay_out()
        self._connect()
        self.new_conversation()
        QTimer.singleShot(_IDLE_MS, self, self._get_ready)

    @property
    def conversation_id(self) -> int | None:
        return self._conversation.id if self._conversation else None

    def open_conversation(self, id: int) -> None:
        """Show a stored conversation at its end, with its draft."""
        conversation = self._assistant.chats.conversation(id)
        self._conversation = conversation
        self._collections.remember(conversation.collection_id)
        self._collection_id = conversation.collection_id
        self.models.turn_to(conversation)
        self._drafts.turn_to(id, conversation.draft)
        self._runs.detach_all()
        messages = self._assistant.chats.messages(id)
        run = self._runs.running_in(id)
        if run is not None and run.saved and messages and messages[-1].role is Role.ASSISTANT:
            # What is kept of the running answer so far; the run itself shows it and goes on.
            messages = messages[:-1]
        self._transcript.load(messages)
        if run is not None:
            if not messages or messages[-1].role is Role.ASSISTANT:
                self._transcript.add_question(run.question)
            run.attach(self._transcript.add_answer())
        last = next((m.answer for m in reversed(messages) if m.answer is not None), None)
        self._refresh(empty=not messages and run is None)
        self._show_last(last, run)

    def new_conversation(self) -> None:
        """An empty page; the conversation is made with its first question."""
        self._conversation = None
        self._collection_id = self._collections.default_id()
        self.models.turn_to(None)
        self._drafts.turn_to(None)
        self._runs.detach_all()
        self._transcript.load(())
        self._refresh(empty=True)
        self._show_last(None, None)
        self._composer.setFocus()

    def ask(self, text: str) -> None:
        """Ask in the conversation that is open, or in a new one."""
        if self._runs.running_in(self.conversation_id) is not None or not text.strip():
            return
        if self._conversation is None:
            self._conversation = self._assistant.chats.create(self._collection_id)
            self.models.settle(self._conversation.id)
        self._transcript.add_question(text)
        run = self._runs.start(self._conversation.id, text, self._composer.mode)
        run.attach(self._transcript.add_answer())
        self._set_answering(True)
        self._pages.setCurrentWidget(self._transcript)
        self._transcript.follow_end()
        self.conversation_changed.emit()

    def show_event(self, event: Event) -> None:
        """Take an event of the window's mailbox; those of other work are passed by."""
        self._runs.show_event(event)
        self._watch.show_event(event)
        self.models.show_event(event)
        body = event.body
        if isinstance(body, Finished) and isinstance(body.result, Collection | Document):
            self._refresh()  # removed: it may be what this chat asks
        elif isinstance(body, ModelLoaded | Finished):
            self.models.show_model()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # After Qt has given the focus to whatever comes first.
        QTimer.singleShot(0, self._composer, self._composer.setFocus)

    def _get_ready(self) -> None:
        # What Markdown needs is imported now, not while the first question is sent.
        MarkdownParser()

    def _lay_out(self) -> None:
        empty = ReadingColumn(self._theme)
        holder = QVBoxLayout()
        holder.addWidget(self._empty)
        empty.set_layout(holder)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(self._transcript)
        strip = LoadStrip(self._assistant, self.models.watch)
        foot = ChatFoot(self._theme, self._notice, strip, self._watch, self._composer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._pages, 1)
        column.addWidget(foot)

    def _connect(self) -> None:
        self._composer.submitted.connect(self._submit)
        self._composer.stop_requested.connect(self._stop)
        self._composer.last_question_wanted.connect(self._edit_last)
        self._composer.files_given.connect(self._give_files)
        self._transcript.citation_opened.connect(self._open_citation)
        self._transcript.passages_requested.connect(self._show_answer)
        self._transcript.regenerate_requested.connect(self.ask)
        self._header.collection_chosen.connect(self._choose_collection)
        self.models.manage_wanted.connect(self.model_page_requested)
        self.models.compare_wanted.connect(self.compare_requested)
        self._header.copy_chat_clicked.connect(self._copy_chat)
        self._empty.add_folder.connect(self.add_folder_requested)
        self._empty.import_model.connect(self.import_model_requested)
        self._empty.question_chosen.connect(self.ask)
        self._runs.passages_found.connect(self._passages)
        self._runs.finished.connect(self._answered)
        self._runs.failed.connect(self._failed)
        self._runs.closed.connect(self._closed)
        self._runs.saved.connect(self._question_saved)
        self._offers.collection_chosen.connect(self._choose_collection)
        self._offers.files_read.connect(self._files_read)
        # Enabled only while an answer is made: otherwise Esc belongs to the window.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(self._stop)

    def _show_last(self, answer: Answer | None, run: AnswerRun | None) -> None:
        self._set_answering(run is not None)
        self._composer.set_figures(answer.figures if answer else None)
        mode = run.mode if run else answer.mode if answer else AnswerMode.DOCUMENTS
        self._composer.set_mode(mode)
        if run is not None and run.passages:
            self.passages_found.emit(run.passages)
        else:
            self._show_answer(answer)
        self._transcript.follow_end()

    def _refresh(self, *, empty: bool | None = None) -> None:
        """Show title, collection and model; `empty` tells which page, None leaves it."""
        self._header.show_title(self._conversation.title if self._conversation else "")
        found = self._collections.all()
        chosen = next((each for each in found if each.id == self._collection_id), None)
        self._collection_id = chosen.id if chosen else None
        self._header.show_collection(found, self._collection_id)
        self._composer.set_collection(chosen.name if chosen else "")
        self.models.show_model()
        if empty is not None:
            self._pages.setCurrentIndex(0 if empty else 1)
        if self._pages.currentIndex() == 0:
            self._offers.show(self._collection_id)

    def _submit(self, text: str) -> None:
        self.ask(text)
        if self._conversation is not None:
            self._drafts.sent(self._conversation.id)

    def _set_answering(self, answering: bool) -> None:
        self._composer.set_answering(answering)
        self.models.answering = answering
        self._escape.setEnabled(answering)

    def _stop(self) -> None:
        self._runs.stop(self.conversation_id)

    def _edit_last(self) -> None:
        self._composer.set_text(self._transcript.last_question)

    def _choose_collection(self, collection_id: int | None) -> None:
        self._collection_id = collection_id
        self._collections.remember(collection_id)
        if self._conversation is not None:
            self._assistant.chats.set_collection(self._conversation.id, collection_id)
        self._refresh()
        if collection_id is not None:
            self._composer.set_mode(AnswerMode.DOCUMENTS)
        self.conversation_changed.emit()

    def _give_files(self, paths: list[Path]) -> None:
        if paths:
            self.files_dropped.emit(paths, self._collection_id)

    def _files_read(self, collection: Collection | None) -> None:
        """A chat without a collection takes up the one that has just been read."""
        if collection is not None and self._conversation is None and self._collection_id is None:
            self._choose_collection(collection.id)
        else:
            self._refresh()

    def _passages(self, run: AnswerRun) -> None:
        if run.conversation_id == self.conversation_id:
            self.question_shown.emit(run.question)
            self.passages_found.emit(run.passages)

    def _answered(self, run: AnswerRun) -> None:
        if run.conversation_id == self.conversation_id and run.answer is not None:
            self._composer.set_figures(run.answer.figures)
            self._show_answer(run.answer)

    def _show_answer(self, answer: Answer | None) -> None:
        self.question_shown.emit(self._transcript.question_of(answer))
        self.answer_shown.emit(answer)

    def _open_citation(self, answer: Answer, citation: Citation) -> None:
        self.question_shown.emit(self._transcript.question_of(answer))
        self.citation_opened.emit(answer, citation)

    def _failed(self, run: AnswerRun, _sentence: Sentence) -> None:
        here = run.conversation_id == self.conversation_id
        if here and not run.saved and not self._composer.text:
            self._composer.set_text(run.question)

    def _question_saved(self, run: AnswerRun) -> None:
        """The first question gave the conversation its title."""
        if self._conversation is not None and run.conversation_id == self._conversation.id:
            self._conversation = self._assistant.chats.conversation(run.conversation_id)
            self._header.show_title(self._conversation.title)
        self.conversation_changed.emit()

    def _closed(self, run: AnswerRun) -> None:
        if run.conversation_id == self.conversation_id:
            self._set_answering(False)
        self.conversation_changed.emit()

    def _copy_chat(self) -> None:
        if self._conversation is not None:
            said = self._assistant.chats.messages(self._conversation.id)
            QGuiApplication.clipboard().setText("\n\n".join(message.text for message in said))
