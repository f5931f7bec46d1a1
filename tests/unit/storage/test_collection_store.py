"""Collections are named, counted, searched by word, and removed with all they hold."""

from __future__ import annotations

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import Cancelled, InvalidName, UnknownCollection
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.words.asked import WordsAsked
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
        lambda: documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 1),
    ):
        with pytest.raises(UnknownCollection):
            ask()
    assert documents.create_collection("contracts").id > collection.id


def test_a_removal_that_was_cut_short_is_out_of_sight_and_ended_later(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("contracts")
    store(documents, collection.id, "/a", prepare([RENT]))
    documents.mark_reading(collection.id, "/b", 1, 1)
    # As a kill right after the first step of a removal leaves it.
    database.execute("UPDATE collections SET removed = 1")
    assert documents.collections() == []
    assert documents.interrupted() == []
    again = documents.create_collection("contracts")
    assert again.id > collection.id
    documents.erase_removed()
    assert documents.documents(collection.id) == []
    assert documents.collections() == [again]
    assert database.execute("SELECT count(*) FROM chunks") == [(0,)]


def test_erasing_can_be_stopped_and_goes_on_the_next_time(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("contracts")
    for number in range(8):
        store(documents, collection.id, f"/{number}", prepare([f"{RENT} {number}"] * 150))
    for document in documents.documents(collection.id)[:6]:
        documents.remove_document(document.id)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        documents.erase_removed(cancel)
    assert database.execute("SELECT unerased FROM collections") == [(6,)]
    documents.erase_removed(CancelToken())
    assert database.execute("SELECT unerased FROM collections") == [(0,)]
    assert len(documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 1000)) == 300


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
        assert documents.keyword_search(collection.id, WordsAsked.any_of(match), 5), match
    [(chunk_id, score)] = documents.keyword_search(collection.id, WordsAsked.any_of("months"), 5)
    assert chunk_id == stored.chunk_ids[1]
    assert score > 0


def test_the_rarity_of_words_is_counted_in_the_searched_collection_alone(
    documents: DocumentStore,
) -> None:
    one = documents.create_collection("one")
    for number in range(5):
        store(documents, one.id, f"/{number}", prepare([f"passage {number} about nothing"]))
    store(documents, one.id, "/rent", prepare([RENT]))
    before = documents.keyword_search(one.id, WordsAsked.any_of("rent passage"), 10)
    other = documents.create_collection("other")
    for number in range(20):
        store(documents, other.id, f"/{number}", prepare([RENT]))
    assert documents.keyword_search(one.id, WordsAsked.any_of("rent passage"), 10) == before
