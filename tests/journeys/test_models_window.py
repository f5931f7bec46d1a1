"""The real window over two real models: imported, switched while one answers, compared, kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import build_assistant
from desktop.assistant.facade import Assistant
from desktop.domain.answers import Answer
from desktop.domain.machine import LockState, NetworkLock
from desktop.domain.models import ModelStatus
from desktop.gui.application import open_main_window
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.settings.models.models_page import ModelsPage
from tests.support.second_model import write_second_model

pytestmark = pytest.mark.journey

PATIENCE_MS = 180_000
_SPACE = Qt.Key.Key_Space


class Desk:
    """The window over one data folder; answers are short, so that the journey is."""

    def __init__(self, qtbot: QtBot, app: QApplication, data: Path) -> None:
        self.qtbot = qtbot
        self.mailbox = Mailbox()
        lock = NetworkLock(LockState.OPEN, "the tests' own process")
        self.assistant: Assistant = build_assistant(data, self.mailbox.post, lock)
        settings = self.assistant.preferences.settings()
        sampler = replace(settings.answers.sampler, max_tokens=24)
        answers = replace(settings.answers, sampler=sampler)
        self.assistant.preferences.change(replace(settings, answers=answers))
        self.window: MainWindow = open_main_window(app, self.assistant, self.mailbox)
        self.window.resize(1440, 900)
        qtbot.waitExposed(self.window)

    def close(self) -> None:
        self.window.close()
        self.mailbox.close()
        self.assistant.close()
        self.window.deleteLater()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=PATIENCE_MS)

    @property
    def answers(self) -> list[Answer]:
        """The whole answers of the chat in the window."""
        conversation = self.window.places.conversation
        said = self.assistant.chats.messages(conversation) if conversation is not None else []
        found = [message.answer for message in said if message.answer is not None]
        return [answer for answer in found if not answer.stopped]

    def open_models(self) -> ModelsPage:
        return self.window.places.open_settings("models").models_page()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, qapp, tmp_path / "data")
    yield made
    made.close()


def test_models_are_imported_switched_under_streaming_and_compared(
    desk: Desk, tmp_path: Path
) -> None:
    page = desk.open_models()
    included = page.cards[0].entry.id
    second = _imported(desk, page, write_second_model(tmp_path / "second.gguf", "Second"))
    cut = tmp_path / "cut.gguf"
    cut.write_bytes((tmp_path / "second.gguf").read_bytes()[:400_000])
    page.doing.import_files([cut])
    desk.until(lambda: any(c.entry.status is ModelStatus.REFUSED for c in page.cards))
    _switch_while_one_answers(desk, included, second)
    _run_with_another_context(desk, second)
    _compare_and_keep(desk, included, second)


def _imported(desk: Desk, page: ModelsPage, file: Path) -> str:
    before = {card.entry.id for card in page.cards}
    page.doing.import_files([file], in_place=True)
    desk.until(lambda: len(page.cards) > len(before))
    [made] = {card.entry.id for card in page.cards} - before
    card = next(each for each in page.cards if each.entry.id == made)
    assert card.state.verified
    assert card.state.fit is not None
    assert card.state.fit.fits
    assert page.details.tab is not None
    return made


def _switch_while_one_answers(desk: Desk, included: str, second: str) -> None:
    """What is written is finished by the old model; the next question goes to the new one."""
    chat = desk.window.places.chat
    desk.window.places.open_new_chat()
    chat.ask("Say hello to the office.")
    chat.models.choose(second, this_chat=False)
    desk.until(lambda: len(desk.answers) == 1)
    assert desk.answers[0].model_id == included
    desk.until(lambda: _current(desk) == second)
    desk.until(lambda: not chat.models.answering)
    chat.ask("And to the guests.")
    desk.until(lambda: len(desk.answers) == 2)
    assert desk.answers[1].model_id == second


def _run_with_another_context(desk: Desk, second: str) -> None:
    """A context chosen by key is what the next question is answered in."""
    page = desk.open_models()
    page.choose(second)
    tab = page.details.tab
    assert tab is not None
    assert tab.run is not None
    desk.qtbot.keyClick(tab.run.context.control, Qt.Key.Key_Home)
    desk.until(lambda: _chosen_context(desk, second) == 1024)
    page.details.open_tab(1)
    desk.qtbot.keyClicks(page.details.try_it.field, "Say hello.")
    desk.qtbot.keyClick(page.details.try_it.field, Qt.Key.Key_Return)
    desk.until(lambda: not page.details.try_it.asking)
    assert "tokens/s" in page.details.try_it.figures.text()
    plan = desk.assistant.models.running.plan()
    assert plan is not None
    assert plan.context_tokens == 1024


def _compare_and_keep(desk: Desk, included: str, second: str) -> None:
    view = desk.window.places.open_compare()
    left, right = view.columns
    left.model.choose(included)
    right.model.choose(second)
    desk.qtbot.keyClicks(view.field, "Say hello.")
    desk.qtbot.keyClick(view.field, Qt.Key.Key_Return)
    desk.until(lambda: not view.asking)
    assert left.answer is not None
    assert right.answer is not None
    assert (left.answer.model_id, right.answer.model_id) == (included, second)
    desk.qtbot.keyClick(right.keep, _SPACE)
    assert desk.answers == [right.answer]
    conversation = desk.window.places.conversation
    assert conversation is not None
    assert desk.assistant.chats.conversation(conversation).model_id == second


def _current(desk: Desk) -> str:
    current = desk.assistant.models.running.current()
    return current.id if current is not None else ""


def _chosen_context(desk: Desk, model_id: str) -> int:
    engine = desk.assistant.models.options.choices(model_id).engine
    return engine.context_tokens if engine is not None else 0
