"""Filters hold in every way of searching, and a named document comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.documents import (
    Chunk,
    DocumentContent,
    DocumentFacts,
    DocumentKind,
    Page,
    PageUnit,
)
from desktop.domain.retrieval import SearchFilters, SearchMode
from desktop.retrieval.retriever import Retriever
from desktop.storage.document_store import DocumentStore
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import open_store

NO_FACTS = DocumentFacts()
NS_OF_2020 = 1_590_000_000 * 10**9


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex()


def add(
    store: DocumentStore,
    index: MemoryIndex,
    path: str,
    texts: list[str],
    facts: DocumentFacts = NO_FACTS,
    headings: tuple[str, ...] = (),
) -> int:
    collection = store.create_collection("Office")
    document = store.mark_reading(collection.id, path, 1, NS_OF_2020)
    text = "\n".join(texts)
    chunks, start = [], 0
    for ordinal, one in enumerate(texts):
        chunks.append(Chunk(0, 0, ordinal, 1, start, start + len(one), one, headings))
        start += len(one) + 1
    kind = DocumentKind.PDF if path.endswith("pdf") else DocumentKind.DOCX
    title = Path(path).stem
    content = DocumentContent(kind, title, (Page(1, text),), PageUnit.PART, facts=facts)
    vectors = index.embed(texts)
    store.save_ready(document.id, content, path, 1, NS_OF_2020, chunks, vectors, index.embedder)
    return collection.id


@pytest.fixture
def collection(store: DocumentStore, index: MemoryIndex) -> int:
    ann = DocumentFacts(author="Ann Li", created="2023-05-04")
    add(store, index, "/home/legal/lease.pdf", ["the rent is due monthly"], ann, ("Payment",))
    add(store, index, "/home/notes/minutes.docx", ["the rent was discussed at length"])
    return add(store, index, "/home/legal/offer.docx", ["a rent of 900 euros, deposit included"])


@pytest.mark.parametrize("mode", list(SearchMode))
@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (SearchFilters(files=("LEASE",)), {"lease.pdf"}),
        (SearchFilters(folders=("legal",)), {"lease.pdf", "offer.docx"}),
        (SearchFilters(kinds=("docx",)), {"minutes.docx", "offer.docx"}),
        (SearchFilters(kinds=("word", "pdf")), {"lease.pdf", "minutes.docx", "offer.docx"}),
        (SearchFilters(authors=("ann",)), {"lease.pdf"}),
        (SearchFilters(after="2023"), {"lease.pdf"}),
        (SearchFilters(after="2023-05-05"), set()),
        (SearchFilters(before="2020"), {"minutes.docx", "offer.docx"}),
        (SearchFilters(headings=("pay",)), {"lease.pdf"}),
        (SearchFilters(folders=("legal",), kinds=("docx",)), {"offer.docx"}),
        (SearchFilters(files=("nowhere",)), set()),
    ],
)
def test_only_what_passes_the_filters_is_found(
    store: DocumentStore,
    index: MemoryIndex,
    collection: int,
    mode: SearchMode,
    filters: SearchFilters,
    names: set[str],
) -> None:
    found = Retriever(store, index).retrieve(collection, "rent", 5, mode, filters=filters)
    assert {Path(hit.path).name for hit in found.hits} == names
    assert found.filters == filters


@pytest.mark.parametrize("mode", list(SearchMode))
def test_filters_can_be_typed(
    store: DocumentStore, index: MemoryIndex, collection: int, mode: SearchMode
) -> None:
    found = Retriever(store, index).retrieve(collection, "rent folder:legal kind:pdf", 5, mode)
    assert [Path(hit.path).name for hit in found.hits] == ["lease.pdf"]
    assert found.understood[:2] == ("folder: legal", "kind: pdf")


def test_a_date_that_is_none_is_searched_as_words_and_said(
    store: DocumentStore, index: MemoryIndex, collection: int
) -> None:
    found = Retriever(store, index).retrieve(collection, "rent after:soon", 5)
    assert found.hits
    assert "after:soon: no date, searched for as words" in found.understood


@pytest.mark.parametrize("mode", list(SearchMode))
def test_a_pictograph_alone_can_be_asked_for(
    store: DocumentStore, index: MemoryIndex, collection: int, mode: SearchMode
) -> None:
    found = Retriever(store, index).retrieve(collection, "\U0001f680", 5, mode)
    assert bool(found.hits) is (mode is not SearchMode.KEYWORD)


@pytest.mark.parametrize("mode", list(SearchMode))
def test_a_word_that_is_left_out_shuts_its_passages_out(
    store: DocumentStore, index: MemoryIndex, collection: int, mode: SearchMode
) -> None:
    found = Retriever(store, index).retrieve(collection, "rent -deposit", 5, mode)
    assert {Path(hit.path).name for hit in found.hits} == {"lease.pdf", "minutes.docx"}


def test_words_in_quotes_are_there_letter_by_letter(
    store: DocumentStore, index: MemoryIndex, collection: int
) -> None:
    retriever = Retriever(store, index)
    found = retriever.retrieve(collection, '"rent was discussed"', 5)
    assert [Path(hit.path).name for hit in found.hits] == ["minutes.docx"]
    # The stems alone would find "was discussed" for this too.
    loose = retriever.retrieve(collection, '"rent was discussing"', 5)
    assert "minutes.docx" in {Path(hit.path).name for hit in loose.hits}


def test_a_document_that_the_question_names_comes_first(
    store: DocumentStore, index: MemoryIndex
) -> None:
    for year in (2017, 2018, 2019):
        texts = [f"ACME annual report for the year {year}", "net sales rose by a tenth"]
        collection = add(store, index, f"/ACME_{year}_10K.pdf", texts)
    add(store, index, "/Other.pdf", ["net sales of shops rose by a fifth", "nothing else"])
    found = Retriever(store, index).retrieve(
        collection, "What were the net sales of ACME in FY2018?", 4
    )
    assert Path(found.hits[0].path).name == "ACME_2018_10K.pdf"
    assert "names: ACME_2018_10K" in found.understood


def test_neighbours_that_both_answer_are_one_passage(
    store: DocumentStore, index: MemoryIndex
) -> None:
    texts = ["The rent is 900 euros.", "The rent is due monthly.", "Pets are allowed."]
    collection = add(store, index, "/lease.docx", texts)
    best = Retriever(store, index).retrieve(collection, "rent euros due monthly", 3).hits[0]
    assert best.chunk.text == "The rent is 900 euros.\nThe rent is due monthly."
    assert (best.chunk.start, best.chunk.end) == (0, 47)
