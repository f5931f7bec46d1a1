"""Which model answers, and how freely, is chosen from the chat's header: for one chat or all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from desktop.assistant.events import EngineFellBack, Event, JobId
from desktop.domain.engine import SamplerPreset, preset_sampler
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.chat.load_strip import LoadStrip
from desktop.gui.chat.model_menu import ModelMenu
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.notice import NoticeBar
from tests.screens.content import fill
from tests.support.view_stage import Stage

_SPACE, _ENTER, _DOWN, _ESC = (
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Down,
    Qt.Key.Key_Escape,
)


@pytest.fixture
def view(stage: Stage) -> ChatView:
    fill(stage.assistant)
    made = ChatView(stage.assistant, stage.theme)
    stage.show(made)
    made.open_conversation(1)
    return made


def menu_of(view: ChatView) -> ModelMenu:
    view.models.open_menu()
    assert view.models.menu is not None
    return view.models.menu


def chip(view: ChatView) -> str:
    return view.models._header.model_button.text()


def test_the_menu_names_what_is_there_and_whether_it_fits(view: ChatView) -> None:
    menu = menu_of(view)
    assert [row.accessibleName() for row in menu.rows] == [
        "Qwen3 4B Instruct, Fits: 3.1 of 24 GB",
        "SmolLM2 135M Instruct, Fits: 0.9 of 24 GB",
        "Llama 3.3 70B Instruct, Needs 43.3 GB; 22.4 GB is free",
    ]
    assert [row.isChecked() for row in menu.rows] == [True, False, False]
    assert not menu.rows[2].isEnabled()


def test_arrow_and_enter_choose_for_all_chats(stage: Stage, view: ChatView) -> None:
    menu = menu_of(view)
    menu.rows[0].setFocus()
    stage.qtbot.keyClick(menu, _DOWN)
    stage.qtbot.keyClick(menu, _ENTER)
    assert stage.desk.settings.model_id == "smollm2-135m"
    stage.qtbot.waitUntil(lambda: chip(view) == "SmolLM2 135M ▾")
    assert stage.desk.conversations[1].model_id == ""


def test_a_chat_may_have_its_own_model_and_follow_the_others_again(
    stage: Stage, view: ChatView
) -> None:
    menu = menu_of(view)
    stage.qtbot.keyClick(menu.this_chat, _SPACE)
    assert menu.rows[0].accessibleName() == "As in all chats"
    stage.qtbot.mouseClick(menu.rows[2], Qt.MouseButton.LeftButton)
    assert stage.desk.conversations[1].model_id == "smollm2-135m"
    assert stage.desk.settings.model_id == "qwen3-4b"
    assert chip(view) == "SmolLM2 135M ▾"
    view.open_conversation(2)
    assert chip(view) == "Qwen3 4B ▾"
    view.open_conversation(1)
    menu = menu_of(view)
    assert menu.this_chat.isChecked()
    stage.qtbot.mouseClick(menu.rows[0], Qt.MouseButton.LeftButton)
    assert stage.desk.conversations[1].model_id == ""
    assert chip(view) == "Qwen3 4B ▾"


def test_what_is_chosen_for_a_new_chat_is_kept_with_its_first_question(
    stage: Stage, view: ChatView
) -> None:
    view.new_conversation()
    view.models.choose("smollm2-135m", this_chat=True)
    view.models.choose_sampler(preset_sampler(SamplerPreset.BALANCED))
    assert chip(view) == "SmolLM2 135M ▾"
    view.ask("Who signed the lease?")
    made = view.conversation_id
    assert made is not None
    assert stage.desk.conversations[made].model_id == "smollm2-135m"
    assert stage.desk.conversations[made].sampler == preset_sampler(SamplerPreset.BALANCED)


def test_while_an_answer_is_written_the_menu_says_when_a_change_takes_effect(
    stage: Stage, view: ChatView
) -> None:
    stage.desk.hold = True
    view.ask("Who signed the lease?")
    words = [label.text() for label in menu_of(view).findChildren(Label)]
    assert "A change takes effect with the next question." in words
    view.models.choose("smollm2-135m", this_chat=False)
    notice = view.findChild(NoticeBar)
    assert notice is not None
    assert notice.text == "SmolLM2 135M Instruct answers from the next question on."


def test_answers_of_one_chat_are_worded_in_its_own_way(stage: Stage, view: ChatView) -> None:
    menu = menu_of(view)
    stage.qtbot.mouseClick(
        menu.wording.presets.chips[SamplerPreset.CREATIVE], Qt.MouseButton.LeftButton
    )
    own = stage.desk.conversations[1].sampler
    assert own == preset_sampler(SamplerPreset.CREATIVE)
    stage.qtbot.keyClick(menu.wording.slider, Qt.Key.Key_Right)
    stage.qtbot.waitUntil(lambda: stage.desk.conversations[1].sampler != own)
    assert stage.desk.settings.answers.sampler.temperature == 0.2
    stage.qtbot.keyClick(menu.wording.reset, _SPACE)
    assert stage.desk.conversations[1].sampler is None


def test_a_load_is_shown_over_the_composer_and_can_be_stopped(stage: Stage, view: ChatView) -> None:
    stage.desk.hold = True
    view.models.choose("smollm2-135m", this_chat=False)
    strip = view.findChild(LoadStrip)
    assert strip is not None
    stage.qtbot.waitUntil(strip.isVisible)
    assert strip.words == "Loading SmolLM2 135M Instruct · 0%"
    stage.qtbot.keyClick(strip.stop, _SPACE)
    stage.qtbot.waitUntil(lambda: not strip.isVisible())
    assert stage.desk.open_jobs == {}


def test_a_model_that_cannot_be_loaded_is_named_with_the_reason(
    stage: Stage, view: ChatView
) -> None:
    view.models.choose("mistral-finance", this_chat=False)
    notice = view.findChild(NoticeBar)
    assert notice is not None
    stage.qtbot.waitUntil(lambda: "the file ends after 61%" in notice.text)
    assert chip(view) == "Qwen3 4B ▾"


def test_a_chat_whose_own_model_is_gone_says_so(stage: Stage, view: ChatView) -> None:
    view.models.choose("smollm2-135m", this_chat=True)
    del stage.desk.models["smollm2-135m"]
    view.open_conversation(1)
    assert chip(view) == "Model is gone ▾"


def test_a_way_back_from_the_gpu_is_said_once(stage: Stage, view: ChatView) -> None:
    notice = view.findChild(NoticeBar)
    assert notice is not None
    view.show_event(Event(JobId(9), EngineFellBack("qwen3-4b", "The driver is too old.")))
    assert notice.text == "The driver is too old."
    notice.hide()
    view.show_event(Event(JobId(10), EngineFellBack("qwen3-4b", "The driver is too old.")))
    assert notice.isHidden()


def test_the_menu_speaks_and_esc_closes_it(stage: Stage, view: ChatView) -> None:
    menu = menu_of(view)
    stage.qtbot.keyClick(menu.this_chat, _SPACE)
    reached = [
        each for each in menu.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(reached) > 8
    for each in reached:
        face = QAccessible.queryAccessibleInterface(each)
        assert face is not None
        assert face.text(QAccessible.Text.Name)
    stage.qtbot.keyClick(menu, _ESC)
    stage.qtbot.waitUntil(lambda: not _alive(view))


def test_the_menu_leads_to_the_models_and_to_comparing(stage: Stage, view: ChatView) -> None:
    menu = menu_of(view)
    with stage.qtbot.waitSignal(view.model_page_requested):
        menu.manage_wanted.emit()
    with stage.qtbot.waitSignal(view.compare_requested):
        menu.compare_wanted.emit()


def _alive(view: ChatView) -> bool:
    return bool(view.window().findChildren(ModelMenu))
