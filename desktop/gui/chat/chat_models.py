"""Which model answers this chat, and how freely: the chip in the header and its menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.assistant.events import Broken, Event, Failed, JobId
from desktop.assistant.sentences import sentence_for
from desktop.domain.conversations import Conversation
from desktop.domain.engine import SamplerSettings
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry, ModelStatus
from desktop.gui.chat.chat_header import ChatHeader
from desktop.gui.chat.model_menu import MenuState, ModelMenu, ModelOffer
from desktop.gui.load_watch import LoadWatch
from desktop.gui.model_words import fit_pill
from desktop.gui.theme import Theme
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ChatModels(QObject):
    """A new chat's choices are kept here until its first question makes it."""

    manage_wanted = Signal()
    compare_wanted = Signal()

    def __init__(
        self, assistant: Assistant, theme: Theme, header: ChatHeader, notice: NoticeBar
    ) -> None:
        super().__init__(header)
        self._assistant = assistant
        self._theme = theme
        self._header = header
        self._notice = notice
        self._conversation_id: int | None = None
        self._model_id = ""  # this chat's own
        self._sampler: SamplerSettings | None = None
        self._loading: JobId | None = None
        self._told: set[str] = set()  # models whose way back from the GPU was said
        self.answering = False
        self.menu: ModelMenu | None = None
        self.watch = LoadWatch(assistant, self)
        self.watch.fell_back.connect(self._fell_back)
        self.watch.came_back.connect(self._came_back)
        header.model_clicked.connect(self.open_menu)

    def turn_to(self, conversation: Conversation | None) -> None:
        """Show the model of another chat; None is a new one."""
        self._conversation_id = conversation.id if conversation else None
        self._model_id = conversation.model_id if conversation else ""
        self._sampler = conversation.sampler if conversation else None
        self.show_model()

    def settle(self, conversation_id: int) -> None:
        """The new chat was made: what was chosen for it is kept with it."""
        self._conversation_id = conversation_id
        chats = self._assistant.chats
        if self._model_id:
            chats.set_model(conversation_id, self._model_id)
        if self._sampler is not None:
            chats.set_sampler(conversation_id, self._sampler)

    def show_model(self) -> None:
        """Name the model that answers the next question here."""
        running = self._assistant.models.running
        own = self._assistant.models.register.entry(self._model_id) if self._model_id else None
        if self._model_id and own is None:
            # Never answered by another in silence: the question says so, and so does the name.
            self._header.show_model(self.tr("Model is gone"))
            return
        entry = own or running.chosen() or running.current()
        self._header.show_model(entry.name if entry else "")

    def show_event(self, event: Event) -> None:
        self.watch.show_event(event)
        if event.job != self._loading or not event.closing:
            return
        self._loading = None
        if isinstance(event.body, Failed):
            self._notice.say(sentence_for(event.body.error).line, "bad", seconds=0)
        elif isinstance(event.body, Broken):
            words = self.tr("Carrel itself failed here; the log has the details.")
            self._notice.say(words, "bad", seconds=0)
        self.show_model()

    def open_menu(self) -> None:
        self.menu = ModelMenu(self._theme, self._state(), self._header.window())
        self.menu.chosen.connect(self.choose)
        self.menu.sampler_chosen.connect(self.choose_sampler)
        self.menu.manage_wanted.connect(self.manage_wanted)
        self.menu.compare_wanted.connect(self.compare_wanted)
        self.menu.open_under(self._header.model_button)

    def choose(self, model_id: str, this_chat: bool) -> None:
        """Answer with another model from the next question on."""
        if this_chat:
            self._set_model(model_id)
        else:
            if self._model_id:
                self._set_model("")  # or this chat alone would not follow
            self._loading = self._assistant.models.running.use(model_id)
        self.show_model()
        if self.answering:
            self._say_when(model_id)

    def choose_sampler(self, sampler: SamplerSettings | None) -> None:
        """Word the answers of this chat otherwise; None as in all chats."""
        if self._kept(lambda id: self._assistant.chats.set_sampler(id, sampler)):
            self._sampler = sampler

    def _say_when(self, model_id: str) -> None:
        running, register = self._assistant.models.running, self._assistant.models.register
        entry = register.entry(model_id) if model_id else running.chosen()
        if entry is not None:
            words = self.tr("{name} answers from the next question on.")
            self._notice.say(words.format(name=entry.name), seconds=6)

    def _set_model(self, model_id: str) -> None:
        if self._kept(lambda id: self._assistant.chats.set_model(id, model_id)):
            self._model_id = model_id

    def _kept(self, change: Callable[[int], None]) -> bool:
        if self._conversation_id is None:
            return True
        try:
            change(self._conversation_id)
        except CarrelError as error:
            self._notice.say(sentence_for(error).line, "bad", seconds=0)
            return False
        return True

    def _state(self) -> MenuState:
        models = self._assistant.models
        chosen = models.running.chosen()
        general = self._assistant.preferences.settings().answers.sampler
        answering = self._model_id or (chosen.id if chosen else "")
        choices = models.options.choices(answering) if answering else None
        return MenuState(
            [self._offer(entry) for entry in models.register.entries() if _listed(entry)],
            chosen.id if chosen else "",
            self._model_id,
            self._sampler,
            (choices.sampler if choices else None) or general,
            self.answering,
        )

    def _offer(self, entry: ModelEntry) -> ModelOffer:
        if entry.status is ModelStatus.MISSING:
            return ModelOffer(entry.id, entry.name, self.tr("The file is missing"), usable=False)
        try:
            fit = self._assistant.models.options.fit(entry.id)
        except CarrelError:
            return ModelOffer(entry.id, entry.name, "")
        total = self._assistant.machine.status().memory_total_bytes
        return ModelOffer(entry.id, entry.name, fit_pill(fit, total)[0], fit.fits)

    def _fell_back(self, model_id: str, reason: str) -> None:
        if model_id not in self._told:
            self._told.add(model_id)
            self._notice.say(reason, "warn", seconds=0)

    def _came_back(self, entry: ModelEntry, _failed: str) -> None:
        words = self.tr("{name} answers again: the other model could not be loaded.")
        self._notice.say(words.format(name=entry.name), "warn", seconds=0)
        self.show_model()


def _listed(entry: ModelEntry) -> bool:
    return entry.status is not ModelStatus.REFUSED
