"""One application and one theme for all tests of the window; a fresh assistant for each."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.settings import AppearanceSettings
from desktop.domain.settings import Theme as ThemeChoice
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.theme import Theme
from tests.screens.content import fill
from tests.support.fake_assistant import FakeAssistant

_LIGHT = AppearanceSettings(theme=ThemeChoice.LIGHT)


@pytest.fixture(scope="session")
def session_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, _LIGHT)


@pytest.fixture
def theme(session_theme: Theme) -> Iterator[Theme]:
    """Light at 100 %, whatever the test before it chose."""
    session_theme.apply(_LIGHT)
    yield session_theme
    session_theme.apply(_LIGHT)


@pytest.fixture
def mailbox(qapp: QApplication) -> Mailbox:
    return Mailbox()


@pytest.fixture
def assistant(mailbox: Mailbox) -> FakeAssistant:
    """A desk with chats, collections and models on it."""
    made = FakeAssistant(mailbox.post)
    fill(made)
    return made


@pytest.fixture
def window(qtbot: QtBot, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme) -> MainWindow:
    """The whole window, shown at 1440 x 900."""
    made = MainWindow(assistant, mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    return made
