"""Two models answer one question beside each other, and one answer can be kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.domain.engine import SamplerPreset, preset_sampler
from desktop.domain.settings import AppearanceSettings
from desktop.gui.compare.compare_view import CompareView
from tests.screens.content import fill
from tests.support.view_stage import Stage

_QUESTION = "What is the notice period?"


@pytest.fixture
def view(stage: Stage) -> CompareView:
    fill(stage.assistant)
    made = CompareView(stage.assistant, stage.theme)
    stage.show(made, 1180, 860)
    return made


def ask(stage: Stage, view: CompareView) -> None:
    stage.qtbot.keyClicks(view.field, _QUESTION)
    stage.qtbot.keyClick(view.field, Qt.Key.Key_Return)


def test_the_model_in_use_stands_beside_another_one(view: CompareView) -> None:
    left, right = view.columns
    assert left.model_id == "qwen3-4b"
    assert right.model_id == "smollm2-135m"
    offered = [left.model.itemText(at) for at in range(left.model.count())]
    assert "mistral-finance-v2.gguf" not in offered


def test_both_answer_beside_each_other_with_what_it_cost(stage: Stage, view: CompareView) -> None:
    ask(stage, view)
    stage.qtbot.waitUntil(lambda: not view.asking)
    left, right = view.columns
    assert "qwen3-4b" in left.text.text
    assert "smollm2-135m" in right.text.text
    assert left.figures.text() == "first word 0.4 s · 31 tokens/s · 9 tokens"
    assert left.keep.isVisible()
    assert stage.desk.messages[1] == []


def test_one_model_can_be_compared_with_itself_worded_otherwise(
    stage: Stage, view: CompareView
) -> None:
    left, right = view.columns
    right.model.choose("qwen3-4b")
    right.wording.choose(SamplerPreset.CREATIVE.value)
    ask(stage, view)
    stage.qtbot.waitUntil(lambda: not view.asking)
    creative = preset_sampler(SamplerPreset.CREATIVE)
    assert stage.desk.compared == [(("qwen3-4b", "qwen3-4b"), (None, creative))]
    assert left.answer is not None
    assert right.answer is not None


def test_esc_stops_both_and_keeps_what_was_written_to_be_read(
    stage: Stage, view: CompareView
) -> None:
    stage.desk.hold = True
    ask(stage, view)
    stage.qtbot.waitUntil(lambda: bool(view.columns[0].text.text))
    stage.qtbot.keyClick(view.field, Qt.Key.Key_Escape)
    stage.qtbot.waitUntil(lambda: not view.asking)
    assert view.columns[1].state.text() == "Stopped"
    assert view.columns[0].text.text != ""
    assert not view.columns[0].keep.isVisible()
    assert view.button.text() == "Ask both"


def test_the_kept_answer_becomes_a_chat_that_its_model_goes_on_with(
    stage: Stage, view: CompareView
) -> None:
    view.collection.choose(1)
    ask(stage, view)
    stage.qtbot.waitUntil(lambda: not view.asking)
    with stage.qtbot.waitSignal(view.kept) as kept:
        stage.qtbot.keyClick(view.columns[1].keep, Qt.Key.Key_Space)
    [made] = kept.args or []
    chat = stage.desk.conversations[made]
    assert (chat.model_id, chat.collection_id) == ("smollm2-135m", 1)
    assert [each.text for each in stage.desk.messages[made]][0] == _QUESTION
    assert stage.desk.messages[made][1].answer == view.columns[1].answer


def test_an_answer_that_cannot_be_kept_is_said(stage: Stage, view: CompareView) -> None:
    ask(stage, view)
    stage.qtbot.waitUntil(lambda: not view.asking)
    stage.desk.disk_full = True
    view.keep(view.columns[0])
    assert "is full" in view._notice.text()


def test_in_a_narrow_window_one_stands_below_the_other(stage: Stage, view: CompareView) -> None:
    stage.theme.apply(AppearanceSettings(font_percent=200))
    view.resize(560, 700)
    stage.settle()
    assert view._sides.direction() is QBoxLayout.Direction.TopToBottom
    assert view.columns[0].height() >= stage.theme.px(200)


def test_the_comparison_speaks(view: CompareView) -> None:
    reached = [
        each
        for each in view.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible()
    ]
    assert len(reached) > 5
    for each in reached:
        face = QAccessible.queryAccessibleInterface(each)
        assert face is not None
        assert face.text(QAccessible.Text.Name), type(each).__name__
