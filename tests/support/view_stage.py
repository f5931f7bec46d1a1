"""A stage for one view of the window: a theme, a fake assistant, and the mailbox between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.assistant.events import Event
from desktop.gui.mailbox import Mailbox
from desktop.gui.theme import Theme
from tests.support.fake_assistant import Desk, FakeAssistant


class Stage:
    """Events of the fake go through a real mailbox to whatever view is shown."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.qtbot = qtbot
        self.theme = theme
        self.mailbox = Mailbox()
        # The fake keeps the facade's promises without being one of its kind.
        self.assistant: Any = FakeAssistant(self.mailbox.post)

    @property
    def desk(self) -> Desk:
        desk: Desk = self.assistant.desk
        return desk

    def show(self, view: Any, width: int = 784, height: int = 800) -> None:
        """Put a view on the screen and let it hear what jobs say."""

        def hand_on(events: list[Event]) -> None:
            for event in events:
                view.show_event(event)

        if hasattr(view, "show_event"):
            self.mailbox.arrived.connect(hand_on)
        self.qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        self.qtbot.waitExposed(view)
        self.settle()

    def settle(self) -> None:
        """Let everything that is due happen."""
        for _ in range(12):
            QApplication.processEvents()

    def type_keys(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        self.qtbot.keyClicks(widget, text)


@pytest.fixture
def stage(qtbot: QtBot, theme: Theme) -> Iterator[Stage]:
    made = Stage(qtbot, theme)
    yield made
    made.settle()
