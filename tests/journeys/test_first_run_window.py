"""The real window, model and files: from an empty desk to a cited answer on its page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import build_assistant
from desktop.assistant.facade import Assistant
from desktop.domain.answers import Answer
from desktop.domain.machine import LockState, NetworkLock
from desktop.gui.application import open_main_window
from desktop.gui.chat.answer_text import AnswerText
from desktop.gui.chat.composer import Composer
from desktop.gui.chat.empty_chat import EmptyChat
from desktop.gui.chat.question_field import QuestionField
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.sources.page_canvas import PageCanvas
from desktop.gui.tokens import LIGHT

pytestmark = pytest.mark.journey

PATIENCE_MS = 180_000


class Desk:
    """The window over one data folder, as a start of the program makes it."""

    def __init__(self, qtbot: QtBot, app: QApplication, data: Path) -> None:
        self.qtbot = qtbot
        self.mailbox = Mailbox()
        lock = NetworkLock(LockState.OPEN, "the tests' own process")
        self.assistant: Assistant = build_assistant(data, self.mailbox.post, lock)
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

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        button = Qt.MouseButton.LeftButton
        if place is None:
            self.qtbot.mouseClick(widget, button)
        else:
            self.qtbot.mouseClick(widget, button, pos=place)

    @property
    def empty(self) -> EmptyChat:
        found = self.window.findChild(EmptyChat)
        assert found is not None
        return found

    @property
    def answers(self) -> list[Answer]:
        """What is kept of the chat in the window."""
        conversation = self.window.places.conversation
        if conversation is None:
            return []
        messages = self.assistant.chats.messages(conversation)
        return [message.answer for message in messages if message.answer is not None]


@pytest.fixture
def open_desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    opened: list[Desk] = []

    def open_it() -> Desk:
        for desk in opened:
            desk.close()
        opened[:] = [Desk(qtbot, qapp, tmp_path / "data")]
        return opened[0]

    yield open_it
    for desk in opened:
        desk.close()


def test_from_an_empty_desk_to_a_cited_answer_on_its_page_and_back_after_a_restart(
    open_desk: Callable[[], Desk],
) -> None:
    desk = open_desk()
    assert desk.assistant.library.collections() == []
    desk.click(desk.empty.cards[1])
    questions = desk.assistant.library.sample_questions()
    desk.until(lambda: [card.title for card in desk.empty.cards] == questions)

    desk.click(desk.empty.cards[0])
    # What is kept while it is written is marked as stopped until it is whole.
    desk.until(lambda: [answer.stopped for answer in desk.answers] == [False])
    answer = desk.answers[0]
    assert not answer.refused
    assert Path(answer.citations[0].path).name == "lease.pdf"

    open_the_first_citation(desk)
    canvas = shown_page(desk)
    desk.until(lambda: marked_pixels(canvas) > 100)

    question = questions[0]
    again = open_desk()
    chats = again.assistant.chats.conversations()
    assert [chat.title for chat in chats] == [question]
    again.until(lambda: again.window.places.conversation == chats[0].id)
    assert again.answers == [answer]


def test_a_typed_question_can_be_stopped_by_esc_and_what_was_written_stays(
    open_desk: Callable[[], Desk],
) -> None:
    desk = open_desk()
    field = desk.window.findChild(QuestionField)
    assert field is not None
    field.setFocus()
    desk.qtbot.keyClicks(field, "Count slowly from one to five hundred.")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: any(text.toPlainText() for text in desk.window.findChildren(AnswerText)))
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    desk.until(lambda: len(desk.answers) == 1)
    assert desk.answers[0].stopped
    assert desk.answers[0].text
    composer = desk.window.findChild(Composer)
    assert composer is not None


def open_the_first_citation(desk: Desk) -> None:
    """By keyboard alone: into the answer, to its first chip, and open it."""
    desk.until(lambda: bool(desk.window.findChildren(AnswerText)))
    text = desk.window.findChildren(AnswerText)[-1]
    with desk.qtbot.waitSignal(desk.window.places.chat.citation_opened, timeout=10_000):
        text.setFocus(Qt.FocusReason.TabFocusReason)
        desk.qtbot.keyClick(text, Qt.Key.Key_Tab)
        desk.qtbot.keyClick(text, Qt.Key.Key_Return)


def shown_page(desk: Desk) -> PageCanvas:
    def visible() -> list[PageCanvas]:
        return [one for one in desk.window.findChildren(PageCanvas) if one.isVisible()]

    desk.until(lambda: bool(visible()))
    return visible()[0]


def marked_pixels(canvas: PageCanvas) -> int:
    """How many pixels of the page show the colour of marked words."""
    image = canvas.grab().toImage()
    wanted = QColor(LIGHT.hl).rgb()
    return sum(
        image.pixel(x, y) == wanted
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )
