"""Questions against a real database: words, meaning, and both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import EmptyQuestion, UnknownCollection
from desktop.domain.retrieval import SearchMode
from desktop.retrieval.retriever import Retriever
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import PARAGRAPHS, fill, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex()


@pytest.mark.parametrize("mode", list(SearchMode))
def test_the_right_passage_comes_first(
    store: DocumentStore, index: MemoryIndex, mode: SearchMode
) -> None:
    collection = fill(store, index)
    result = Retriever(store, index).retrieve(collection, "monthly rent of the flat", 3, mode)
    assert result.hits[0].path == "lease.pdf"
    assert result.mode is mode


def test_a_hit_knows_its_place(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    hit = Retriever(store, index).retrieve(collection, "repaint the stairwell", 1).hits[0]
    assert (hit.path, hit.title, hit.page) == ("minutes.pdf", "minutes", 1)
    assert hit.chunk.text == PARAGRAPHS["minutes.pdf"]
    assert [box.top for box in hit.boxes] == [100, 114]
    assert hit.document_sha256 == "minutes.pdf"
    assert hit.similarity is not None and hit.similarity > 0.3


def test_a_document_without_printed_pages_has_no_page_number(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index, paged=False)
    hit = Retriever(store, index).retrieve(collection, "annual leave", 1).hits[0]
    assert hit.page is None
    assert hit.boxes == ()


def test_an_identifier_finds_its_document_by_words(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    result = Retriever(store, index).retrieve(collection, "INV-2024-001", 5, SearchMode.KEYWORD)
    assert [hit.path for hit in result.hits] == ["invoice.pdf"]
    assert result.hits[0].similarity is None


def test_a_quoted_phrase_shuts_out_what_lacks_it(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    retriever = Retriever(store, index)
    loose = retriever.retrieve(collection, "days working third", 5, SearchMode.KEYWORD)
    exact = retriever.retrieve(collection, '"third working day"', 5, SearchMode.KEYWORD)
    assert {hit.path for hit in loose.hits} == {"lease.pdf", "policy.pdf"}
    assert [hit.path for hit in exact.hits] == ["lease.pdf"]


def test_a_quoted_phrase_that_is_nowhere_still_finds_its_words(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    result = Retriever(store, index).retrieve(collection, '"flat rent"', 5, SearchMode.KEYWORD)
    assert result.hits[0].path == "lease.pdf"


def test_every_weighed_chunk_is_recorded(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    result = Retriever(store, index).retrieve(collection, "annual leave until March", 1)
    assert len(result.hits) == 1
    assert len(result.candidates) == len(PARAGRAPHS)
    assert [one.final_rank for one in result.candidates] == [1, 2, 3, 4]
    best = result.candidates[0]
    assert (best.path, best.keyword_rank, best.vector_rank) == ("policy.pdf", 1, 1)
    assert all(one.vector_score is not None for one in result.candidates)


def test_a_copy_of_a_document_is_shown_once(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index, {**PARAGRAPHS, "copy.pdf": PARAGRAPHS["lease.pdf"]})
    result = Retriever(store, index).retrieve(collection, "rent of the flat", 5)
    texts = [hit.chunk.text for hit in result.hits]
    assert len(texts) == len(set(texts)) == len(PARAGRAPHS)
    assert {"lease.pdf", "copy.pdf"} <= {one.path for one in result.candidates}


def test_the_same_question_gives_the_same_answer(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    retriever = Retriever(store, index)
    first = retriever.retrieve(collection, "euros", 4)
    second = retriever.retrieve(collection, "euros", 4)
    assert first.hits == second.hits
    assert first.candidates == second.candidates


def test_an_empty_collection_has_no_hits(store: DocumentStore, index: MemoryIndex) -> None:
    collection = store.create_collection("Empty")
    for mode in SearchMode:
        assert Retriever(store, index).retrieve(collection.id, "rent", 5, mode).hits == ()


def test_an_empty_question_is_refused(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    with pytest.raises(EmptyQuestion):
        Retriever(store, index).retrieve(collection, " \n?", 5)


def test_an_unknown_collection_is_named(store: DocumentStore, index: MemoryIndex) -> None:
    with pytest.raises(UnknownCollection):
        Retriever(store, index).retrieve(99, "rent", 5)


def test_a_question_of_fifty_thousand_characters_is_answered(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    question = "What is the monthly rent of the flat? " * 1400
    result = Retriever(store, index).retrieve(collection, question, 1)
    assert result.hits[0].path == "lease.pdf"


def test_a_chunk_that_only_the_vector_index_still_knows_is_not_shown(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    assert VectorIndex(store, index.vectors).settle()
    document = store.document_at(collection, "lease.pdf")
    assert document is not None
    store.remove_document(document.id)
    result = Retriever(store, index).retrieve(collection, "monthly rent", 5, SearchMode.VECTOR)
    assert "lease.pdf" not in {hit.path for hit in result.hits}
    assert len(result.hits) == len(PARAGRAPHS) - 1
