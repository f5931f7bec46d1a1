"""Chats are found, opened, renamed, pinned and deleted from the sidebar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.conversations import Conversation
from desktop.domain.machine import LockState, NetworkLock
from desktop.gui.main_window import MainWindow
from desktop.gui.sidebar.rows import RowKind, chat_rows
from desktop.gui.sidebar.sidebar import Sidebar
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from tests.support.fake_assistant import NOW, FakeAssistant

_DAY = 86_400.0


@pytest.fixture
def sidebar(qtbot: QtBot, assistant: FakeAssistant, theme: Theme) -> Iterator[Sidebar]:
    made = Sidebar(assistant, theme, clock=lambda: NOW)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(256, 900)
    made.show()
    yield made


def _texts(sidebar: Sidebar, kind: RowKind = RowKind.ITEM) -> list[str]:
    return [row.text for row in sidebar.list.rows() if row.kind is kind]


def test_chats_stand_under_the_day_they_were_last_used() -> None:
    def chat(number: int, days: float, *, pinned: bool = False) -> Conversation:
        moment = NOW - days * _DAY
        return Conversation(number, f"Chat {number}", None, moment, moment, pinned)

    chats = [chat(9, 200, pinned=True), chat(1, 0), chat(2, 1), chat(3, 5), chat(4, 20)]
    rows = chat_rows([*chats, chat(5, 90)], NOW)
    assert [row.text for row in rows] == [
        "Pinned", "Chat 9", "Today", "Chat 1", "Yesterday", "Chat 2",
        "Last 7 days", "Chat 3", "Last 30 days", "Chat 4", "Older", "Chat 5",
    ]  # fmt: skip


def test_arrow_keys_and_enter_open_a_chat(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.list.setFocus()
    sidebar.list.take_first()
    qtbot.keyClick(sidebar.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(sidebar.chat_opened) as opened:
        qtbot.keyClick(sidebar.list, Qt.Key.Key_Return)
    assert opened.args == [2]


def test_a_click_opens_a_chat(qtbot: QtBot, sidebar: Sidebar) -> None:
    model = sidebar.list.model()
    row = next(i for i in range(model.rowCount()) if "vendors" in str(model.index(i, 0).data()))
    spot = sidebar.list.visualRect(model.index(row, 0)).center()
    with qtbot.waitSignal(sidebar.chat_opened) as opened:
        qtbot.mouseClick(sidebar.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened.args == [3]


def test_search_lists_what_holds_the_words_and_down_and_enter_open_it(
    qtbot: QtBot, sidebar: Sidebar
) -> None:
    sidebar.search.setFocus()
    qtbot.keyClicks(sidebar.search, "indemnity")
    qtbot.keyClick(sidebar.search, Qt.Key.Key_Down)
    assert _texts(sidebar) == ["Compare indemnity clauses"]
    with qtbot.waitSignal(sidebar.chat_opened) as opened:
        qtbot.keyClick(sidebar.list, Qt.Key.Key_Return)
    assert opened.args == [4]


def test_search_finds_collections_by_name(qtbot: QtBot, sidebar: Sidebar) -> None:
    qtbot.keyClicks(sidebar.search, "board")
    with qtbot.waitSignal(sidebar.chat_opened):
        qtbot.keyClick(sidebar.search, Qt.Key.Key_Return)
    assert _texts(sidebar, RowKind.SECTION) == ["Chats", "Collections"]
    assert _texts(sidebar)[-1] == "Board minutes"


def test_search_that_finds_nothing_says_so_and_esc_brings_the_chats_back(
    qtbot: QtBot, sidebar: Sidebar
) -> None:
    qtbot.keyClicks(sidebar.search, "zzzz")
    qtbot.waitUntil(lambda: _texts(sidebar, RowKind.SECTION) == ["Nothing found"])
    qtbot.keyClick(sidebar.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(_texts(sidebar)) == 7)


def test_f2_renames_in_place(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.list.setFocus()
    sidebar.list.take_first()
    qtbot.keyClick(sidebar.list, Qt.Key.Key_F2)
    editor = sidebar.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Harbor lease")
    with qtbot.waitSignal(sidebar.chat_renamed) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [1, "Harbor lease"]


def test_the_context_menu_pins_and_unpins(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.list.take_first()
    menu = sidebar.list.menu_for(sidebar.list.currentIndex())
    with qtbot.waitSignal(sidebar.chat_pinned) as pinned:
        menu.actions()[0].trigger()
    assert pinned.args == [1, True]


def test_deleting_a_chat_offers_to_undo_it(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    listed = window.sidebar.list
    listed.setFocus()
    listed.select(2)
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert 2 not in assistant.desk.conversations
    assert "Summary of Q3 board minutes" in window.notice.text
    undo = next(b for b in window.notice.findChildren(Button) if b.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert 2 in assistant.desk.conversations
    assert "Summary of Q3 board minutes" in _texts(window.sidebar)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LockState.ENFORCED, "Offline, by lock"),
        (LockState.WATCHED, "Offline, watched"),
        (LockState.OPEN, "Network lock is off"),
    ],
)
def test_the_foot_names_the_lock_and_the_model(
    sidebar: Sidebar, assistant: FakeAssistant, state: LockState, words: str
) -> None:
    assistant.desk.lock = NetworkLock(state, "why")
    sidebar.foot.refresh()
    assert sidebar.foot.accessibleName() == f"{words}. Qwen3 4B · CPU · 3.1 of 24 GB"


def test_a_title_with_markup_is_painted_as_text(sidebar: Sidebar, assistant: FakeAssistant) -> None:
    chat = assistant.desk.conversations[1]
    assistant.desk.conversations[1] = replace(chat, title="<img src='file://x'>")
    sidebar.refresh()
    assert "<img src='file://x'>" in _texts(sidebar)
    assert QApplication.focusWidget() is not sidebar.search
