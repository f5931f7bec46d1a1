"""Writing and sending a question with real keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.answers import AnswerFigures, AnswerMode
from desktop.gui.chat.composer import Composer
from desktop.gui.chat.question_field import QuestionField
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from tests.support.view_stage import Stage


def shown(stage: Stage) -> tuple[Composer, QuestionField]:
    composer = Composer(stage.theme)
    stage.show(composer, 700, 120)
    field = composer.findChild(QuestionField)
    assert field is not None
    field.setFocus()
    return composer, field


def button(composer: Composer, name: str) -> Button:
    return next(b for b in composer.findChildren(Button) if b.accessibleName() == name)


def test_enter_sends_what_was_written(stage: Stage) -> None:
    composer, field = shown(stage)
    stage.type_keys(field, "How much?")
    with stage.qtbot.waitSignal(composer.submitted) as caught:
        stage.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["How much?"]


def test_shift_enter_breaks_the_line_and_sends_nothing(stage: Stage) -> None:
    composer, field = shown(stage)
    stage.type_keys(field, "one")
    with stage.qtbot.assertNotEmitted(composer.submitted):
        stage.qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    stage.type_keys(field, "two")
    assert composer.text == "one\ntwo"


def test_an_empty_question_is_not_sent(stage: Stage) -> None:
    composer, field = shown(stage)
    stage.type_keys(field, "  ")
    with stage.qtbot.assertNotEmitted(composer.submitted):
        stage.qtbot.keyClick(field, Qt.Key.Key_Return)


def test_up_in_an_empty_field_asks_for_the_last_question(stage: Stage) -> None:
    composer, field = shown(stage)
    with stage.qtbot.waitSignal(composer.last_question_wanted):
        stage.qtbot.keyClick(field, Qt.Key.Key_Up)
    stage.type_keys(field, "x")
    with stage.qtbot.assertNotEmitted(composer.last_question_wanted):
        stage.qtbot.keyClick(field, Qt.Key.Key_Up)


def test_the_field_grows_to_ten_lines_and_no_further(stage: Stage) -> None:
    composer, field = shown(stage)
    one = field.height()
    composer.set_text("\n".join("line" for _ in range(4)))
    four = field.height()
    composer.set_text("\n".join("line" for _ in range(10)))
    ten = field.height()
    composer.set_text("\n".join("line" for _ in range(60)))
    assert one < four < ten == field.height()


def test_while_an_answer_is_made_there_is_stop_and_no_ask(stage: Stage) -> None:
    composer, field = shown(stage)
    composer.set_answering(True)
    stop = button(composer, "Stop")
    assert stop.isVisible() and not button(composer, "Ask").isVisible()
    with stage.qtbot.waitSignal(composer.stop_requested):
        stage.qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    stage.type_keys(field, "next")
    with stage.qtbot.assertNotEmitted(composer.submitted):
        stage.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert composer.text == "next"


def test_the_mode_is_what_the_pills_say(stage: Stage) -> None:
    composer, _ = shown(stage)
    composer.set_collection("Contracts")
    composer.set_mode(AnswerMode.DOCUMENTS)
    before = composer.mode
    stage.qtbot.mouseClick(button(composer, "Model only"), Qt.MouseButton.LeftButton)
    assert (before, composer.mode) == (AnswerMode.DOCUMENTS, AnswerMode.MODEL_ONLY)


def test_without_a_collection_only_the_model_can_answer(stage: Stage) -> None:
    composer, field = shown(stage)
    composer.set_collection("")
    assert composer.mode is AnswerMode.MODEL_ONLY
    assert not button(composer, "Answer from documents").isEnabled()
    assert "model" in field.placeholderText()


def test_dropped_files_are_handed_on_and_web_addresses_are_not(
    stage: Stage, tmp_path: Path
) -> None:
    composer, _ = shown(stage)
    data = QMimeData()
    remote = QUrl("file://otherhost/share/b.pdf")
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://a.example/b.pdf"), remote])
    given: list[list[Path]] = []
    composer.files_given.connect(given.append)
    drop(composer, data)
    assert given == [[tmp_path]]


def test_the_meter_tells_how_full_the_context_is(stage: Stage) -> None:
    composer, _ = shown(stage)
    composer.set_figures(AnswerFigures(1900, 200, context_tokens=8192))
    texts = [label.text() for label in composer.findChildren(Label)]
    assert "2.1k of 8.2k" in texts


def drop(widget: Composer, data: QMimeData) -> None:
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), action, data, left, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), action, data, left, none))
