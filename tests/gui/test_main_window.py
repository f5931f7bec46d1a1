"""The window by keyboard: places, folds, narrow widths, and what comes back after a restart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.answers import AnswerMode
from desktop.domain.conversations import Message, Role
from desktop.domain.settings import AppearanceSettings
from desktop.gui.chat.transcript import Transcript
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.shortcuts import ShortcutSheet
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.window_state import WindowState
from tests.support.fake_assistant import FakeAssistant

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_the_latest_chat_is_open_at_first(window: MainWindow) -> None:
    assert window.places.conversation == 1
    assert window.places.chat.isVisible()
    assert window.places.sources.isVisible()


def test_keys_lead_to_every_place_and_esc_back(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Comma, _CTRL)
    assert not window.places.chat.isVisible()
    assert not window.places.sources.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.places.chat.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_L, _CTRL)
    assert not window.places.chat.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_N, _CTRL)
    assert window.places.chat.isVisible()
    assert window.places.conversation is None


def test_ctrl_k_reaches_the_search_from_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_sidebar()
    qtbot.keyClick(window, Qt.Key.Key_Comma, _CTRL)
    qtbot.keyClick(window, Qt.Key.Key_K, _CTRL)
    assert window.sidebar.search.isVisible()
    assert window.focusWidget() is window.sidebar.search


def test_side_columns_fold_and_unfold(qtbot: QtBot, window: MainWindow) -> None:
    for key, modifiers, column in (
        (Qt.Key.Key_B, _CTRL, window.sidebar),
        (Qt.Key.Key_B, _CTRL | _SHIFT, window.places.sources),
    ):
        qtbot.keyClick(window, key, modifiers)
        assert not column.isVisible()
        qtbot.keyClick(window, key, modifiers)
        assert column.isVisible()


def test_in_a_narrow_window_the_sources_lie_over_the_chat(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1000, 800)
    sources = window.places.sources
    qtbot.waitUntil(lambda: not sources.isVisible())
    chat = window.places.chat
    qtbot.waitUntil(lambda: chat.width() == 1000 - window.sidebar.width())
    qtbot.keyClick(window, Qt.Key.Key_B, _CTRL | _SHIFT)
    assert sources.isVisible()
    assert chat.width() == 1000 - window.sidebar.width()
    assert sources.geometry().right() == window.columns.rect().right()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not sources.isVisible()
    window.resize(1440, 800)
    qtbot.waitUntil(sources.isVisible)


def test_size_folds_and_chat_come_back(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme
) -> None:
    window.resize(1300, 777)
    window.toggle_sidebar()
    window.places.open_chat(4)
    window.close()
    again = MainWindow(assistant, mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    again.show()
    assert (again.width(), again.height()) == (1300, 777)
    assert again.columns.left_folded
    assert again.places.conversation == 4


@pytest.mark.parametrize(
    "stored",
    [{}, {"width": "wide"}, {"width": 5, "height": -1}, {"conversation": None}, {"other": 1}],
)
def test_a_state_that_makes_no_sense_is_not_believed(stored: dict[str, object]) -> None:
    assert WindowState.read(stored) == WindowState()


def test_a_chat_that_is_gone_is_replaced_by_the_latest(
    qtbot: QtBot, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme
) -> None:
    assistant.desk.window = WindowState(conversation=99).as_dict()
    window = MainWindow(assistant, mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    assert window.places.conversation == 1


def test_the_first_start_shows_an_empty_chat_and_asks_nothing(
    qtbot: QtBot, mailbox: Mailbox, theme: Theme
) -> None:
    window = MainWindow(FakeAssistant(mailbox.post), mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    assert window.places.conversation is None
    assert window.places.chat.isVisible()


def test_the_shortcut_sheet_opens_and_closes_by_key(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Slash, _CTRL)
    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    assert sheet.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(ShortcutSheet) is None)


def test_every_control_has_a_name_that_a_screen_reader_can_speak(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.places.open_library()
    settings = window.places.open_settings()
    for key, _ in settings.pages():
        window.places.open_settings(key)
    window.show_shortcuts()
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if _is_control(widget) and not widget.accessibleName()
    ]
    assert nameless == []


def _is_control(widget: QWidget) -> bool:
    if widget.objectName().startswith("qt_"):
        return False  # parts of Qt's own widgets, named through their owners
    if isinstance(widget, Card):
        return widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    return isinstance(widget, QAbstractButton | QAbstractSlider | QLineEdit) and (
        widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    )


def test_tab_reaches_controls_in_all_three_columns(qtbot: QtBot, window: MainWindow) -> None:
    window.sidebar.search.setFocus()
    columns: set[str] = set()
    for _ in range(60):
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        focused = window.focusWidget()
        for name, column in (
            ("sidebar", window.sidebar),
            ("chat", window.places.chat),
            ("sources", window.places.sources),
        ):
            if focused is not None and column.isAncestorOf(focused):
                columns.add(name)
    assert columns == {"sidebar", "chat", "sources"}


def test_a_folded_sidebar_can_be_unfolded_by_mouse(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_sidebar()
    unfold = window.columns.rail.findChildren(QAbstractButton)[0]
    qtbot.mouseClick(unfold, Qt.MouseButton.LeftButton)
    assert window.sidebar.isVisible()
    assert not window.columns.rail.isVisible()


def test_settings_that_could_not_be_read_are_named_at_start(
    qtbot: QtBot, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme
) -> None:
    assistant.desk.set_aside = "settings.unreadable-1.json"
    window = MainWindow(assistant, mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    assert "settings.unreadable-1.json" in window.notice.text


def test_a_disk_that_is_full_does_not_keep_the_window_open(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    assistant.desk.disk_full = True
    assert window.close()


def test_a_change_that_cannot_be_kept_is_said_and_not_shown(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    assistant.desk.disk_full = True
    window.sidebar.chat_renamed.emit(1, "Another title")
    assert "is full" in window.notice.text
    assert window.notice.isVisible()
    assert assistant.desk.conversations[1].title == "Harbor lease: rent and notice"


def test_the_reader_comes_back_to_where_they_were(
    qtbot: QtBot, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme
) -> None:
    for number in range(12):
        text = f"Paragraph {number}. " + "Words that fill the page. " * 40
        assistant.desk.messages[1].append(
            Message(number, 1, Role.USER, text, AnswerMode.DOCUMENTS, number)
        )
    first, second = (_reading_place(qtbot, assistant, mailbox, theme) for _ in range(2))
    assert first == 0
    assert abs(second - 500) < 20


def _reading_place(qtbot: QtBot, assistant: FakeAssistant, mailbox: Mailbox, theme: Theme) -> int:
    """Open the window, note where its reader is, and leave them 500 pixels above the end."""
    window = MainWindow(assistant, mailbox, theme)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    transcript = window.places.chat.findChild(Transcript)
    assert transcript is not None
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 900)
    qtbot.wait(100)
    place = window.places.reading_place()
    bar.setValue(bar.maximum() - 500)
    window.close()
    return place


def test_a_notice_stays_over_the_middle_column_when_the_columns_change(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.notice.say("The settings could not be read.", "warn", seconds=0)
    window.places.open_settings("models")

    def stands_in_the_middle() -> bool:
        centre, notice = window.columns.centre.geometry(), window.notice.geometry()
        return abs(centre.center().x() - notice.center().x()) <= 1

    qtbot.waitUntil(stands_in_the_middle)
    window.toggle_sidebar()
    window.resize(900, 700)
    qtbot.waitUntil(stands_in_the_middle)


def test_a_notice_in_large_letters_stays_inside_a_small_window(
    qtbot: QtBot, window: MainWindow, theme: Theme
) -> None:
    theme.apply(AppearanceSettings(font_percent=200))
    window.resize(640, 480)
    window.notice.say("The settings could not be read. " * 3, "warn", seconds=0)
    qtbot.waitUntil(lambda: window.rect().contains(window.notice.geometry()))


def test_files_dropped_on_a_chat_without_collection_make_one_whatever_the_folder_is_called(
    tmp_path: Path, window: MainWindow, assistant: FakeAssistant
) -> None:
    before = set(assistant.desk.collections)
    folder = Path(os.fsdecode(bytes(tmp_path) + b"/bad\xff\nname " + b"x" * 120))
    folder.mkdir()
    window.places.chat.files_dropped.emit([folder], None)
    [made] = set(assistant.desk.collections) - before
    assert assistant.desk.collections[made].name.startswith("bad??name x")
    assert assistant.desk.collections[made].name.isprintable()
