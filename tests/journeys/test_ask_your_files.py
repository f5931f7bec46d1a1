"""The product's promise: drop in a folder, ask, read an answer with its page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desktop.assistant.events import Finished, MessageSaved
from desktop.domain.answers import Answer, AnswerFinished, AnswerMode, AnswerPiece, PassagesFound
from desktop.domain.conversations import Role
from desktop.domain.documents import DocumentIndexed, DocumentStatus, IndexReport
from desktop.domain.retrieval import SearchMode, SearchResult
from tests.journeys.conftest import SAMPLES, Desk

pytestmark = pytest.mark.journey


def test_every_sample_document_is_ready_with_passages(desk: Desk) -> None:
    assert len(desk.report.files) == 10
    assert {file.status for file in desk.report.files} == {DocumentStatus.READY}
    assert all(file.chunks > 0 for file in desk.report.files)


def test_indexing_again_reads_nothing_again(desk: Desk) -> None:
    library = desk.assistant.library
    report = desk.events.result(library.index([library.sample_folder()], SAMPLES))
    assert isinstance(report, IndexReport)
    assert {file.status for file in report.files} == {DocumentStatus.UNCHANGED}
    assert report.pages_read == 0


@pytest.mark.parametrize("mode", list(SearchMode))
def test_each_search_finds_the_file_of_each_sample_question(desk: Desk, mode: SearchMode) -> None:
    for row in sample_questions(desk):
        job = desk.assistant.library.search(row["question"], SAMPLES, 5, mode)
        result = desk.events.result(job)
        assert isinstance(result, SearchResult)
        assert row["file"] in [Path(hit.path).name for hit in result.hits]


def test_each_sample_question_is_answered_with_a_citation_on_the_right_page(desk: Desk) -> None:
    for row in sample_questions(desk):
        answer = ask(desk, row["question"])
        cited = {(Path(citation.path).name, citation.page) for citation in answer.citations}
        assert (row["file"], row.get("page")) in cited, (row["question"], answer.text, cited)


def test_a_citation_spans_its_quote_on_the_stored_page_and_has_boxes_there(desk: Desk) -> None:
    answer = ask(desk, sample_questions(desk)[0]["question"])
    citation = answer.citations[0]
    page = desk.assistant.library.page(citation.document_id, citation.page_number)
    assert page.text[citation.start : citation.end] == citation.quote
    assert citation.boxes
    for box in citation.boxes:
        assert 0 <= box.left < box.right <= page.width
        assert 0 <= box.top < box.bottom <= page.height


def test_a_question_outside_the_documents_is_refused_with_the_nearest_passages(
    desk: Desk,
) -> None:
    answer = ask(desk, "Which moon of Jupiter has the thickest ice over its ocean?")
    assert answer.refused
    assert answer.citations == ()
    assert answer.passages


def test_an_answer_comes_in_order_and_both_messages_are_kept(desk: Desk) -> None:
    conversation = desk.assistant.chats.create(desk.samples.id)
    question = sample_questions(desk)[0]["question"]
    job = desk.assistant.answers.ask(conversation.id, question, AnswerMode.DOCUMENTS)
    bodies = list(desk.events.bodies(job))
    kinds = [type(body) for body in bodies]
    assert kinds.index(PassagesFound) < kinds.index(AnswerPiece) < kinds.index(AnswerFinished)
    assert kinds.count(MessageSaved) == 2
    assert isinstance(bodies[-1], Finished)
    kept = desk.assistant.chats.messages(conversation.id)
    assert [message.role for message in kept] == [Role.USER, Role.ASSISTANT]
    assert kept[1].answer == bodies[-1].result
    assert desk.assistant.chats.conversation(conversation.id).title


def test_a_stopped_answer_is_kept_as_far_as_it_came(desk: Desk) -> None:
    conversation = desk.assistant.chats.create(None)
    job = desk.assistant.answers.ask(
        conversation.id, "Count slowly from one to five hundred.", AnswerMode.MODEL_ONLY
    )
    bodies = desk.events.bodies(job)
    for body in bodies:
        if isinstance(body, AnswerPiece):
            desk.assistant.cancel(job)
            break
    answer = list(bodies)[-1].result  # type: ignore[attr-defined]
    assert isinstance(answer, Answer)
    assert answer.stopped
    assert answer.text
    assert desk.assistant.chats.messages(conversation.id)[-1].text == answer.text


def test_the_model_alone_answers_without_documents(desk: Desk) -> None:
    job = desk.assistant.answers.ask_once("Say hello.", None, AnswerMode.MODEL_ONLY)
    answer = desk.events.result(job)
    assert isinstance(answer, Answer)
    assert answer.text
    assert answer.citations == ()
    assert answer.passages == ()


def test_what_was_read_from_a_drive_stays_when_the_drive_is_pulled_out(
    desk: Desk, tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    (drive / "note.md").write_text("# Keys\n\nThe spare key is with the porter.\n")
    library = desk.assistant.library
    for body in desk.events.bodies(library.index([drive], "Drive")):
        if isinstance(body, DocumentIndexed):
            shutil.rmtree(drive)
    assert not drive.exists()
    kept = library.documents(library.collection("Drive").id)
    assert [Path(document.path).name for document in kept] == ["note.md"]


def sample_questions(desk: Desk) -> list[dict[str, str]]:
    path = desk.assistant.library.sample_folder().parent / "sample_questions.json"
    listed: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    assert len(listed) == 3
    return listed


def ask(desk: Desk, question: str) -> Answer:
    job = desk.assistant.answers.ask_once(question, desk.samples.id, AnswerMode.DOCUMENTS)
    answer = desk.events.result(job)
    assert isinstance(answer, Answer)
    return answer
