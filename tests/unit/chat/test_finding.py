"""What a question is searched by when it mostly names a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.chat.finding import find, without_names
from desktop.retrieval.retriever import Retriever
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import fill, open_store


def test_names_that_only_say_which_document_is_meant_are_left_out() -> None:
    question = "Which law governs the Supply Agreement between Fenwick Ltd and Alder Ltd?"
    assert without_names(question) == "Which law governs the document?"


@pytest.mark.parametrize(
    "question",
    ["How much is the rent?", "Who is Anna Brandt?", "Is it Fenwick Board Cloth Alder Finch?"],
)
def test_a_question_with_few_names_or_nothing_else_stays_whole(question: str) -> None:
    assert without_names(question) == question


def test_the_full_stop_of_a_shortened_name_goes_with_it() -> None:
    question = "When does the Outsourcing Agreement of Photronics Inc. and Dai Nippon Ltd. expire?"
    assert without_names(question) == "When does the document expire?"


def test_the_named_document_is_also_searched_by_what_is_asked_of_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        index = MemoryIndex()
        texts = {
            "one.pdf": "Supply Agreement between Fenwick Limited and Alder Bindery Limited.",
            "two.pdf": "Supply Agreement between Harrow Limited and Calder Mutual Limited.",
            "three.pdf": "The law of England governs.",
        }
        collection_id = fill(store, index, texts)
        question = "Which law governs the Supply Agreement between Fenwick Limited and Alder?"
        found = find(Retriever(store, index), collection_id, question, 2)
    assert found.passages[0].path == "one.pdf"
    assert len({hit.chunk.id for hit in found.passages}) == len(found.passages) <= 2
    assert found.aim != question
