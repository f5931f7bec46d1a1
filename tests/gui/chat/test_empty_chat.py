"""The beginnings that an empty chat offers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from desktop.domain.answers import AnswerMode
from desktop.gui.chat.answer_footer import AnswerFooter
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.chat.empty_chat import EmptyChat
from tests.support.view_stage import Stage


def test_an_empty_chat_offers_three_beginnings(stage: Stage) -> None:
    view = ChatView(stage.assistant, stage.theme)
    stage.show(view)
    offers = view.findChild(EmptyChat)
    assert offers is not None and offers.isVisible()
    assert [card.title for card in offers.cards] == [
        "Add a folder",
        "Try the sample collection",
        "Import a model file",
    ]
    with stage.qtbot.waitSignal(view.add_folder_requested):
        offers.cards[0].setFocus()
        stage.qtbot.keyClick(offers.cards[0], Qt.Key.Key_Return)
    with stage.qtbot.waitSignal(view.import_model_requested):
        stage.qtbot.mouseClick(offers.cards[2], Qt.MouseButton.LeftButton)


def test_the_sample_is_read_and_one_of_its_questions_clicked(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "lease.txt").write_text("The lease runs five years.", encoding="utf-8")
    stage.assistant.library.sample_folder = lambda: folder
    view = ChatView(stage.assistant, stage.theme)
    stage.show(view)
    offers = view.findChild(EmptyChat)
    assert offers is not None
    stage.qtbot.mouseClick(offers.cards[1], Qt.MouseButton.LeftButton)
    questions = stage.assistant.library.sample_questions()
    stage.qtbot.waitUntil(lambda: [card.title for card in offers.cards] == questions)
    stage.qtbot.mouseClick(offers.cards[0], Qt.MouseButton.LeftButton)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    conversation = stage.desk.conversations[1]
    assert stage.desk.collections[conversation.collection_id or 0].name == "Sample collection"
    assert stage.desk.messages[1][0].mode is AnswerMode.DOCUMENTS
