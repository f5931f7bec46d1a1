"""Questions over the sample documents, answered by the real model from what real parts found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from desktop.chat.answering import AnswerParts, answer
from desktop.chat.refusal import NOT_IN_DOCUMENTS
from desktop.chat.words import is_telling, words_of
from desktop.domain.answers import (
    Answer,
    AnswerEvent,
    AnswerFinished,
    AnswerMode,
    AnswerPiece,
    PassagesFound,
    PromptRead,
    Support,
)
from desktop.domain.cancel import CancelToken
from desktop.domain.conversations import Role, Turn
from desktop.domain.engine import EngineSettings
from desktop.domain.settings import AnswerSettings
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.storage.resources import resource_path
from tests.support.real_desk import RealDesk

pytestmark = pytest.mark.journey

SAMPLES = resource_path("samples")
QUESTIONS = json.loads(resource_path("sample_questions.json").read_text(encoding="utf-8"))
FURTHER = [
    ("What is the minimum order value?", "supplier-agreement.pdf", "400"),
    ("Which law governs the lease?", "lease.pdf", "England"),
    ("What is the yearly premium of the insurance?", "insurance-schedule.pdf", "3,180"),
]
OUTSIDE = [
    "Which moon of Jupiter has the thickest ice over its ocean?",
    "Who won the world cup of football in 1998?",
    "How is a sourdough starter fed?",
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerParts]:
    """The sample collection on real parts, and the included model."""
    with RealDesk.open(tmp_path_factory.mktemp("answering")) as desk:
        collection = desk.store.create_collection("Samples")
        desk.run([SAMPLES], collection)
        model = LlamaChatModel.load(included_chat_model(), EngineSettings())
        yield AnswerParts(
            retriever=desk.retriever,
            collection_id=collection.id,
            model=model,
            embed=desk.index.embed,
            lines_of=lambda document_id, number: desk.store.page(document_id, number).lines,
            settings=AnswerSettings(),
            mode=AnswerMode.DOCUMENTS,
        )
        model.close()


def ask(
    parts: AnswerParts, question: str, history: Sequence[Turn] = ()
) -> tuple[list[AnswerEvent], Answer]:
    events = list(answer(question, history, parts, CancelToken()))
    assert isinstance(events[-1], AnswerFinished)
    return events, events[-1].answer


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["file"])
def test_a_sample_question_is_answered_from_the_right_page(
    parts: AnswerParts, row: dict[str, Any]
) -> None:
    _, found = ask(parts, row["question"])
    cited = [(Path(citation.path).name, citation.page) for citation in found.citations]
    assert (row["file"], row["page"]) in cited
    assert row["answer"] in found.text
    assert [statement.support for statement in found.statements] == [Support.SUPPORTED]
    passage_words = {word.key for word in words_of(row["passage"])}
    said = {word.key for word in words_of(found.text) if is_telling(word)}
    assert said <= passage_words | {word.key for word in words_of(row["question"])}


def test_the_same_question_has_the_same_answer_whatever_was_asked_before(
    parts: AnswerParts,
) -> None:
    first = [ask(parts, row["question"])[1].text for row in QUESTIONS]
    again = [ask(parts, row["question"])[1].text for row in reversed(QUESTIONS)]
    twice = [ask(parts, row["question"])[1].text for row in QUESTIONS for _ in range(2)]
    assert again[::-1] == first == twice[::2] == twice[1::2]


@pytest.mark.parametrize(("question", "file", "words"), FURTHER)
def test_further_questions_are_answered_from_the_right_file(
    parts: AnswerParts, question: str, file: str, words: str
) -> None:
    _, found = ask(parts, question)
    assert words in found.text
    assert Path(found.citations[0].path).name == file


@pytest.mark.parametrize("question", OUTSIDE)
def test_a_question_outside_the_documents_is_refused_at_once(
    parts: AnswerParts, question: str
) -> None:
    events, found = ask(parts, question)
    assert found.refused
    assert found.text == NOT_IN_DOCUMENTS
    assert AnswerPiece not in [type(event) for event in events]


def test_every_citation_quotes_its_page_and_marks_it_there(parts: AnswerParts) -> None:
    _, found = ask(parts, QUESTIONS[0]["question"])
    for citation in found.citations:
        lines = parts.lines_of(citation.document_id, citation.page_number)
        covered = [line for line in lines if line.start < citation.end > citation.start]
        assert citation.boxes
        assert len(citation.boxes) <= len(covered)
        assert all(box.left < box.right and box.top < box.bottom for box in citation.boxes)


def test_the_prompt_is_read_before_the_answer_comes_and_figures_are_kept(
    parts: AnswerParts,
) -> None:
    events, found = ask(parts, QUESTIONS[0]["question"])
    kinds = [type(event) for event in events]
    assert kinds[0] is PassagesFound
    assert kinds.index(PromptRead) < kinds.index(AnswerPiece)
    assert found.figures.prompt_tokens > 0
    assert found.figures.seconds_to_first_token > 0
    assert found.figures.context_tokens == parts.model.context_tokens


def test_a_stopped_answer_keeps_what_was_written(parts: AnswerParts) -> None:
    cancel = CancelToken()
    pieces: list[str] = []
    for event in answer(QUESTIONS[0]["question"], (), parts, cancel):
        if isinstance(event, AnswerPiece):
            pieces.append(event.text)
            cancel.cancel()
    assert isinstance(event, AnswerFinished)
    assert event.answer.stopped
    assert event.answer.text
    assert "".join(pieces).strip().startswith(event.answer.text)


def test_a_follow_up_is_answered_from_the_document_of_the_question_before(
    parts: AnswerParts,
) -> None:
    history = (
        Turn(Role.USER, "How much is the monthly rent?"),
        Turn(Role.ASSISTANT, "The monthly rent is £2,450."),
    )
    _, found = ask(parts, "And when is it payable?", history)
    assert "lease.pdf" in [Path(hit.path).name for hit in found.passages[:2]]
