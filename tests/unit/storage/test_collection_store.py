"""Collections are named, counted, searched by word, and removed with all they hold."""

from __future__ import annotations

import pytest

from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import InvalidName, UnknownCollection
from desktop.storage.document_store import DocumentStore
from tests.support.stored_content import prepare, store

RENT = "The rent is 1,450 euros a month, due on the third working day."
NOTICE = "Either side may end the lease with three months’ notice."


def test_collections_are_counted_by_what_is_in_them(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    store(documents, collection.id, "/a", prepare([RENT, NOTICE]))
    bad = documents.mark_reading(collection.id, "/b", 1, 1)
    documents.mark_failed(bad.id, DocumentStatus.NEEDS_OCR, "NeedsTextRecognition", "Scan.")
    documents.mark_reading(collection.id, "/c", 1, 1)
    found = documents.collection("contracts")
    assert (found.documents, found.ready, found.attention) == (3, 1, 1)
    assert (found.pages, found.chunks) == (2, 2)
    assert documents.collections() == [found] == [documents.collection_by_id(collection.id)]


def test_a_collection_is_made_once_and_removed_with_all_it_holds(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("  contracts ")
    assert collection.name == "contracts"
    assert documents.create_collection("contracts") == collection
    stored = store(documents, collection.id, "/a", prepare([RENT]))
    documents.remove_collection(collection.id)
    assert documents.collections() == []
    assert documents.chunks(stored.chunk_ids) == {}
    for ask in (
        lambda: documents.collection("contracts"),
        lambda: documents.collection_by_id(collection.id),
        lambda: documents.remove_collection(collection.id),
        lambda: documents.keyword_search(collection.id, "rent", 1),
    ):
        with pytest.raises(UnknownCollection):
            ask()
    assert documents.create_collection("contracts").id > collection.id


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", "a\x00b", "a\ud800b"])
def test_names_that_cannot_be_shown_are_refused(documents: DocumentStore, name: str) -> None:
    with pytest.raises(InvalidName):
        documents.create_collection(name)
    with pytest.raises(UnknownCollection):
        documents.collection(name)


def test_keywords_are_found_by_stem_without_accents_in_title_headings_and_text(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    stored = store(
        documents,
        collection.id,
        "/a",
        prepare(["Il pagamento è dovuto mensilmente.", RENT], "Straße", ("Größe über alles",)),
    )
    for match in ("große", "GRÖSSE OR größe", "straße", '"uber alles"', "title: straße"):
        assert documents.keyword_search(collection.id, match, 5), match
    [(chunk_id, score)] = documents.keyword_search(collection.id, "months", 5)
    assert chunk_id == stored.chunk_ids[1]
    assert score > 0


def test_the_rarity_of_words_is_counted_in_the_searched_collection_alone(
    documents: DocumentStore,
) -> None:
    one = documents.create_collection("one")
    for number in range(5):
        store(documents, one.id, f"/{number}", prepare([f"passage {number} about nothing"]))
    store(documents, one.id, "/rent", prepare([RENT]))
    before = documents.keyword_search(one.id, "rent OR passage", 10)
    other = documents.create_collection("other")
    for number in range(20):
        store(documents, other.id, f"/{number}", prepare([RENT]))
    assert documents.keyword_search(one.id, "rent OR passage", 10) == before
