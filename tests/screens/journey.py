"""One walk through the window, from the first start to an answer, with a picture at each stop."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from desktop.app import build_assistant
from desktop.assistant.events import Broken, Event, Failed, Finished, JobId, MessageSaved
from desktop.assistant.facade import Assistant
from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.models import ModelEntry
from desktop.domain.settings import AppearanceSettings
from desktop.domain.settings import Theme as ThemeChoice
from desktop.governance.network_lock import lock_network
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.qt_setup import create_application
from desktop.gui.settings.models.models_page import ModelsPage
from desktop.gui.settings.privacy_page import PrivacyPage
from desktop.gui.theme import Theme
from tests.screens.model_files import cut_model, register_large, second_model

_SIZE = (1440, 900)
_PATIENCE_S = 600.0
_COLLECTION = "Sample collection"


def draw_all(data: Path, target: Path) -> Iterator[Path]:
    """Draw the pictures, each in both themes; yields the files as they are written."""
    walk = Walk(data, target)
    try:
        yield from walk.first_run()
        walk.read_samples()
        walk.ask_samples()
        yield from walk.chat()
        yield from walk.library()
        yield from walk.models()
        yield from walk.settings()
    finally:
        walk.close()


class Walk:
    """The application, the assistant and the window, and how to wait for their jobs."""

    def __init__(self, data: Path, target: Path) -> None:
        self._data = data
        self._target = target
        self._closed: dict[JobId, object] = {}
        self._app = create_application(["carrel"])
        mailbox = Mailbox()
        mailbox.arrived.connect(self._note)
        self._assistant: Assistant = build_assistant(data, mailbox.post, lock_network())
        self._theme = Theme(self._app, AppearanceSettings(theme=ThemeChoice.LIGHT))
        self._window = MainWindow(self._assistant, mailbox, self._theme)
        self._window.resize(*_SIZE)
        self._window.show()

    def close(self) -> None:
        self._window.close()
        self._assistant.close()

    def first_run(self) -> Iterator[Path]:
        self._wait(self._assistant.models.running.warm())
        yield from self._draw("first-run")

    def read_samples(self) -> None:
        """Read the sample documents, as a click on the offer does."""
        folder = self._assistant.library.sample_folder()
        self._wait(self._assistant.library.index([folder], _COLLECTION))

    def ask_samples(self) -> None:
        """Ask the sample questions, each in a chat of its own, then all in the latest one."""
        collection = self._assistant.library.collection(_COLLECTION)
        questions = self._assistant.library.sample_questions()
        for question in reversed(questions):
            chat = self._assistant.chats.create(collection.id)
            self._wait(self._assistant.answers.ask(chat.id, question, AnswerMode.DOCUMENTS))
        for question in questions[1:]:
            self._wait(self._assistant.answers.ask(chat.id, question, AnswerMode.DOCUMENTS))
        self._window.sidebar.refresh()

    def chat(self) -> Iterator[Path]:
        """The latest chat, with its first citation opened on its page."""
        latest = max(self._assistant.chats.conversations(), key=lambda chat: chat.updated_at)
        self._window.places.open_chat(latest.id)
        answers = [m.answer for m in self._assistant.chats.messages(latest.id) if m.answer]
        if answers and answers[0].citations:
            self._open_citation(self._window.places.chat, answers[0])
        yield from self._draw("chat")

    def library(self) -> Iterator[Path]:
        self._window.places.open_library(self._assistant.library.collection(_COLLECTION).id)
        yield from self._draw("library")

    def models(self) -> Iterator[Path]:
        """Four models: the one in use, a second, one too large, one refused."""
        running, files = self._assistant.models.running, self._assistant.models.files
        included = self._assistant.models.register.entries()[0]
        with tempfile.TemporaryDirectory(prefix="carrel-models-") as whole:
            folder = Path(whole) / "USB drive"
            folder.mkdir()
            second = self._wait(files.import_file(second_model(folder)))
            self._assistant.models.register.rename(_id_of(second), "Office 135M Instruct")
            register_large(self._data, folder)
            self._wait(files.import_file(cut_model(folder)), may_fail=True)
            for model_id in (included.id, _id_of(second)):
                self._wait(files.verify(model_id))
            self._wait(running.bench(included.id))
            self._wait(running.use(included.id))
            self._wait(running.tune(included.id))
            self._assistant.models.register.approve(included.id, "Checked by the office")
            page = self._window.places.open_settings("models").models_page()
            self._settle(1.0)
            page.choose(included.id)
            yield from self._draw("models")
            yield from self._panels(page)
            yield from self.comparison(_id_of(second))

    def _panels(self, page: ModelsPage) -> Iterator[Path]:
        tab = page.details.tab
        assert tab is not None
        assert tab.run is not None
        assert tab.how is not None
        tab.how.open()
        self._settle(0.3)
        page.details.scroll_to_end()
        yield from self._draw("models-how-it-runs")
        page.details.open_tab(2)
        yield from self._draw("models-history")
        page.details.open_tab(0)

    def comparison(self, second_id: str) -> Iterator[Path]:
        """The first sample question, answered by both."""
        view = self._window.places.open_compare()
        view.columns[1].model.choose(second_id)
        view.columns[1].wording.choose("creative")
        view.collection.choose(self._assistant.library.collection(_COLLECTION).id)
        view.field.setPlainText(self._assistant.library.sample_questions()[0])
        view.ask()
        self._until(lambda: not view.asking)
        yield from self._draw("compare")

    def settings(self) -> Iterator[Path]:
        for page in ("answers", "documents", "privacy", "performance", "appearance"):
            shown = self._window.places.open_settings(page).currentWidget()
            if isinstance(shown, PrivacyPage):
                shown.check_button.click()
                self._until(shown.check_button.isEnabled)
            yield from self._draw(page)

    def _open_citation(self, view: ChatView, answer: Answer) -> None:
        view.citation_opened.emit(answer, answer.citations[0])
        self._settle(1.0)

    def _draw(self, name: str) -> Iterator[Path]:
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            self._theme.apply(replace(AppearanceSettings(), theme=choice))
            self._settle(0.6)
            file = self._target / f"{name}-{choice.value}.png"
            self._window.grab().save(str(file))
            yield file

    def _note(self, events: list[Event]) -> None:
        for event in events:
            if event.closing:
                self._closed[event.job] = event.body
            elif isinstance(event.body, MessageSaved):
                self._window.sidebar.refresh()

    def _wait(self, job: JobId, *, may_fail: bool = False) -> object:
        """The closing body of a job; a failure is the picture's failure."""
        self._until(lambda: job in self._closed)
        body = self._closed[job]
        if isinstance(body, Failed) and not may_fail:
            raise body.error
        if isinstance(body, Broken):
            raise AssertionError(body.report)
        return body

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError("a job of the journey did not end")
            self._turn()

    def _settle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._turn()

    def _turn(self) -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.01)


def _id_of(body: object) -> str:
    assert isinstance(body, Finished)
    assert isinstance(body.result, ModelEntry)
    return body.result.id
