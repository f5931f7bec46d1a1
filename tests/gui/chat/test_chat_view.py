"""A conversation as a person has it: ask, read, stop, come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.assistant.events import Event, Failed, JobId
from desktop.domain.answers import Answer, AnswerMode, AnswerPiece, PassagesFound, PromptRead
from desktop.domain.conversations import Conversation, Message, Role
from desktop.domain.documents import Collection, IndexProgress, IndexReport
from desktop.domain.model_errors import ModelMissing
from desktop.gui.chat.answer_footer import AnswerFooter
from desktop.gui.chat.answer_view import AnswerView
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.chat.question_field import QuestionField
from desktop.gui.chat.quiet_notice import QuietNotice
from desktop.gui.chat.transcript import Transcript
from desktop.gui.chat.user_bubble import UserBubble
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from tests.support.fake_assistant import NOW
from tests.support.lease import QUESTION, TEXT, cited_answer
from tests.support.view_stage import Stage


def opened(stage: Stage, *, collection: bool = True) -> ChatView:
    if collection:
        stage.desk.collections[1] = Collection(1, "Contracts 2024", NOW, 212, 198, 3, 6480, 41207)
    stage.desk.answers[QUESTION] = cited_answer(Path("lease.pdf"))
    view = ChatView(stage.assistant, stage.theme)
    stage.show(view)
    return view


def field(view: ChatView) -> QuestionField:
    found = view.findChild(QuestionField)
    assert found is not None
    return found


def send(stage: Stage, view: ChatView, text: str) -> None:
    stage.type_keys(field(view), text)
    stage.qtbot.keyClick(field(view), Qt.Key.Key_Return)
    stage.settle()


def answers(view: ChatView) -> list[AnswerView]:
    transcript = view.findChild(Transcript)
    assert transcript is not None
    return transcript.answers


def click(stage: Stage, view: ChatView, name: str) -> None:
    button = next(
        b for b in view.findChildren(Button) if b.accessibleName() == name and b.isVisible()
    )
    stage.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    stage.settle()


def test_a_question_is_asked_and_its_answer_shown_with_its_support(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    footer = view.findChildren(AnswerFooter)[0]
    assert footer.facts() == ["2 of 3 statements supported", "1 not found in the documents"]
    figures = [label.text() for label in footer.findChildren(Label)]
    assert "1 passage · first word 0.4 s · 31 tokens/s" in figures
    assert field(view).toPlainText() == ""
    assert view.conversation_id == 1


def test_regenerate_asks_the_same_question_again(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    click(stage, view, "Ask the same question again")
    asked = [m.text for m in stage.desk.messages[1] if m.role is Role.USER]
    assert asked == [QUESTION, QUESTION]


def test_copy_takes_the_answer_s_own_text(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    click(stage, view, "Copy the answer")
    assert QGuiApplication.clipboard().text() == TEXT


def test_esc_stops_the_answer_and_keeps_what_was_written(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.hold = True
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(answers(view)[0].text.text))
    assert stage.desk.open_jobs
    stage.qtbot.keyClick(field(view), Qt.Key.Key_Escape)
    stage.settle()
    assert not stage.desk.open_jobs
    assert answers(view)[0].text.text.startswith("The monthly rent")
    assert view.findChildren(QuietNotice)


def test_coming_back_to_a_chat_shows_the_answer_being_written_once(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.hold = True
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(answers(view)[0].text.text))
    conversation = view.conversation_id
    assert conversation is not None
    # What is kept of it meanwhile stands at the end of the chat.
    assert stage.assistant.chats.messages(conversation)[-1].role is Role.ASSISTANT
    view.new_conversation()
    view.open_conversation(conversation)
    assert len(answers(view)) == 1
    assert len(view.findChildren(UserBubble)) == 1


def test_the_way_to_the_first_word_is_told(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.hold = True
    view.ask(QUESTION)
    job = next(iter(stage.desk.open_jobs))
    stage.desk.open_jobs[job] = []
    passages = cited_answer(Path("lease.pdf")).passages * 5
    run = view.findChildren(AnswerView)[0]
    for body in (PassagesFound(passages, ()), PromptRead(400, 1000)):
        view.show_event(Event(job, body))
    texts = [label.text() for label in run.findChildren(Label)]
    assert "Reading passage 3 of 5 · 40 %" in texts


def test_a_failure_is_said_quietly_and_an_unsaved_question_comes_back(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.hold = True
    send(stage, view, "Anything?")
    job = next(iter(stage.desk.open_jobs))
    view._runs.running_in(1).saved = False  # type: ignore[union-attr]
    view.show_event(Event(job, Failed(ModelMissing("Qwen3", "/models/qwen3.gguf"))))
    notices = view.findChildren(QuietNotice)
    assert len(notices) == 1
    assert "The file of Qwen3 is not at /models/qwen3.gguf." in notices[0].accessibleName()
    assert field(view).toPlainText() == "Anything?"


def test_up_puts_the_last_question_back(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.keyClick(field(view), Qt.Key.Key_Up)
    assert field(view).toPlainText() == QUESTION


def test_a_refused_answer_is_calm_and_offers_the_nearest_passages(stage: Stage) -> None:
    view = opened(stage)
    refused = replace(
        cited_answer(Path("lease.pdf")),
        text="This is not in these documents.",
        statements=(),
        citations=(),
        refused=True,
        draft="The model guessed 7.",
    )
    stage.desk.answers["Who owns the moon?"] = refused
    send(stage, view, "Who owns the moon?")
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    assert view.findChildren(AnswerFooter)[0].facts() == ["No passage supports an answer"]
    with stage.qtbot.waitSignal(view.answer_shown) as caught:
        click(stage, view, "Show the nearest passages")
    assert caught.args == [refused]
    assert "guessed" not in answers(view)[0].text.toPlainText()


def test_a_model_only_answer_says_so(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.answers["Hi?"] = Answer("Hello.", AnswerMode.MODEL_ONLY, "fake")
    click(stage, view, "Model only")
    send(stage, view, "Hi?")
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    assert view.findChildren(AnswerFooter)[0].facts() == ["Model only, no documents"]


def test_drafts_are_saved_and_come_back_with_their_conversation(stage: Stage) -> None:
    view = opened(stage)
    for number in (1, 2):
        stage.desk.conversations[number] = Conversation(number, f"Chat {number}", 1, NOW, NOW)
    view.open_conversation(1)
    stage.type_keys(field(view), "half a thought")
    view.open_conversation(2)
    assert field(view).toPlainText() == ""
    assert stage.desk.conversations[1].draft == "half a thought"
    view.open_conversation(1)
    assert field(view).toPlainText() == "half a thought"
    stage.type_keys(field(view), " more")
    stage.qtbot.waitUntil(lambda: stage.desk.conversations[1].draft == "half a thought more")


def test_an_answer_goes_on_while_another_conversation_is_read(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.conversations[5] = Conversation(5, "Other", 1, NOW, NOW)
    stage.desk.hold = True
    send(stage, view, QUESTION)
    first = view.conversation_id
    assert first is not None
    view.open_conversation(5)
    for job in list(stage.desk.open_jobs):
        view.show_event(Event(job, AnswerPiece(" went on")))
    assert answers(view) == []
    stage.desk.messages[first] = stage.desk.messages[first][:1]
    view.open_conversation(first)
    assert answers(view)[0].text.text.endswith(" went on")


def test_only_the_last_messages_of_a_long_chat_are_built(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.conversations[1] = Conversation(1, "Long", 1, NOW, NOW)
    answer = Answer("Short answer.", AnswerMode.DOCUMENTS, "fake")
    said = []
    for number in range(5000):
        role = Role.ASSISTANT if number % 2 else Role.USER
        kept = answer if number % 2 else None
        text = f"Message {number}"
        said.append(Message(number, 1, role, text, AnswerMode.DOCUMENTS, NOW, kept))
    stage.desk.messages[1] = said
    view.open_conversation(1)
    stage.settle()
    bubbles = view.findChildren(UserBubble)
    assert len(bubbles) == 10
    assert bubbles[-1].text == "Message 4998"
    transcript = view.findChild(Transcript)
    assert transcript is not None
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    bar.setValue(0)
    stage.qtbot.waitUntil(lambda: len(view.findChildren(UserBubble)) > 10)
    stage.settle()
    assert bar.value() > 0  # what was being read stays where it was


def test_the_view_follows_the_end_only_while_the_reader_is_there(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.hold = True
    view.ask(QUESTION)
    job = next(iter(stage.desk.open_jobs))
    transcript = view.findChild(Transcript)
    assert transcript is not None
    bar = transcript.verticalScrollBar()

    def stream(paragraphs: int) -> None:
        for _ in range(paragraphs):
            view.show_event(Event(job, AnswerPiece("\n\nA paragraph of the answer.")))
            stage.settle()

    stream(60)
    stage.qtbot.waitUntil(lambda: 0 < bar.maximum() == bar.value())
    bar.setValue(bar.maximum() // 2)
    there = bar.value()
    stream(20)
    assert bar.value() == there
    bar.setValue(bar.maximum())
    stream(20)
    stage.qtbot.waitUntil(lambda: bar.value() == bar.maximum() > there)


def test_another_collection_is_chosen_from_the_pill_s_menu(stage: Stage) -> None:
    view = opened(stage)
    stage.desk.collections[2] = Collection(2, "Board & minutes", NOW, 4, 4)
    stage.desk.conversations[1] = Conversation(1, "Chat", 1, NOW, NOW)
    view.open_conversation(1)
    click(stage, view, "Collection: Contracts 2024 · 212 files")
    menu = view._header.menu
    menu.actions()[1].trigger()
    menu.close()
    assert stage.desk.conversations[1].collection_id == 2
    assert field(view).placeholderText() == "Ask about Board & minutes, or drop files here"


def test_reading_files_shows_how_far_it_is(stage: Stage) -> None:
    view = opened(stage, collection=False)
    stage.desk.open_jobs[JobId(70)] = []
    view.show_event(Event(JobId(70), IndexProgress(3, 10, 12, 40, 96.0, 2.0)))
    assert "Reading files: 3 of 10" in [label.text() for label in view.findChildren(Label)]
    click(stage, view, "Stop reading files")
    assert JobId(70) not in stage.desk.open_jobs
    stage.desk.collections[3] = Collection(3, "Letters", NOW, 10, 10)
    view.show_event(Event(JobId(70), IndexReport("Letters", (), 1.0, 12)))
    assert "Letters" in field(view).placeholderText()


def test_a_citation_is_handed_to_the_sources(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    with stage.qtbot.waitSignal(view.citation_opened) as caught:
        answers(view)[0].text.citation_clicked.emit(2)
    assert caught.args is not None
    assert caught.args[1].marker == 2


def test_a_collection_removed_meanwhile_is_no_longer_what_the_chat_asks(stage: Stage) -> None:
    view = opened(stage)
    send(stage, view, QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    stage.assistant.library.remove(1)
    stage.settle()
    shown = [label.text() for label in view.findChildren(Label) if label.isVisible()]
    assert not any("Contracts 2024" in text for text in shown)
    send(stage, view, "And now?")
    assert stage.desk.messages[1][-2].mode is AnswerMode.MODEL_ONLY
