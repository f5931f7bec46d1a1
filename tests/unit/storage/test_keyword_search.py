"""Tables of tokens are searched, scored, forgotten and made anew."""

from __future__ import annotations

import pytest

from desktop.domain.documents import DocumentFacts
from desktop.domain.errors import UnknownCollection
from desktop.storage import token_table
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.words.asked import Term, WordsAsked
from desktop.storage.words.tokens import tokens_of
from tests.support.stored_content import prepare, store


def asked(*words: str) -> WordsAsked:
    return WordsAsked(tuple(Term((token,)) for word in words for token in tokens_of(word)))


def test_a_rare_word_counts_more_than_a_common_one(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    texts = ["rent deposit", *["rent paid"] * 8]
    ids = store(documents, collection.id, "/a", prepare(texts)).chunk_ids
    found = documents.keyword_search(collection.id, asked("rent", "deposit"), 20)
    assert found[0][0] == ids[0]
    assert found[0][1] > 3 * found[1][1]


def test_a_term_is_held_by_any_of_its_forms(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    first, second, _ = store(
        documents, collection.id, "/a", prepare(["haus", "house", "flat"])
    ).chunk_ids
    either = WordsAsked((Term(("hau", "hous")),))
    assert {one for one, _ in documents.keyword_search(collection.id, either, 5)} == {first, second}


def test_a_required_phrase_must_be_there_and_an_excluded_one_must_not(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    texts = ["third working day", "third day working", "third working day of March"]
    ids = store(documents, collection.id, "/a", prepare(texts)).chunk_ids
    phrase = (("third", "work", "dai"),)
    found = documents.keyword_search(
        collection.id, WordsAsked(asked("third").terms, phrase, (("march",),)), 5
    )
    assert [one for one, _ in found] == [ids[0]]


def test_only_what_lies_within_is_found(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    ids = store(documents, collection.id, "/a", prepare(["rent one", "rent two"])).chunk_ids
    other = store(documents, collection.id, "/b", prepare(["rent three"])).chunk_ids
    ranges = documents.chunk_ranges([documents.documents(collection.id)[1].id])
    assert ranges == [(other[0], other[-1])]
    found = documents.keyword_search(collection.id, asked("rent"), 5, ranges)
    assert {one for one, _ in found} == set(other)
    many = [(one, one) for one in [*ids, *range(10_000, 10_040)]]
    found = documents.keyword_search(collection.id, asked("rent"), 5, many)
    assert {one for one, _ in found} == set(ids)


def test_common_words_order_what_rare_ones_found_in_a_large_collection(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_table, "_ROWS_FOR_RARE", 10)
    collection = documents.create_collection("contracts")
    texts = [*["rent paid monthly"] * 40, "boiler broken", "boiler rent"]
    ids = store(documents, collection.id, "/a", prepare(texts)).chunk_ids
    found = documents.keyword_search(collection.id, asked("boiler", "rent"), 50)
    assert [one for one, _ in found] == [ids[-1], ids[-2]]
    # Where every word is common, the newest are looked at.
    common = documents.keyword_search(collection.id, asked("rent"), 50)
    assert len(common) == 10 and common[0][1] > 0


def test_a_document_is_named_by_its_title_its_file_and_its_opening(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("reports")
    for year in (2017, 2018, 2019):
        prepared = prepare([f"Annual report for fiscal year {year}", "cash flows"], "Report")
        store(documents, collection.id, f"/ACME_{year}_10K.pdf", prepared)
    terms = [*asked("acme", "2018").terms, Term(("10k",))]
    found = documents.word_search.documents(collection.id, terms, 5)
    best = documents.document(found[0].document_id)
    assert best.path == "/ACME_2018_10K.pdf"
    assert found[0].score > 1.5 * found[1].score
    assert {"2018", "acm"} & found[0].words


def test_words_are_stemmed_by_the_document_and_the_collection_remembers_by_which(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("mixed")
    prepared = prepare(["Die Häuser sind vermietet."])
    stored = store(documents, collection.id, "/de", prepared)
    database.execute(
        "UPDATE documents SET facts = json_set(facts, '$.language', 'de') WHERE id = ?",
        (stored.document.id,),
    )
    database.execute("UPDATE collections SET analysis = 0")
    assert documents.word_search.languages(collection.id) == ("de",)
    found = documents.keyword_search(collection.id, WordsAsked.any_of("Haus", "de"), 5)
    assert [one for one, _ in found] == list(stored.chunk_ids)
    assert DocumentFacts().language == ""


def test_tables_of_another_kind_are_made_anew_when_they_are_next_needed(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("old")
    ids = store(documents, collection.id, "/a", prepare(["rent deposit"])).chunk_ids
    database.execute(f"DELETE FROM words_{collection.id}")
    database.execute("UPDATE collections SET analysis = 0")
    found = documents.keyword_search(collection.id, asked("deposit"), 5)
    assert [one for one, _ in found] == list(ids)


def test_a_document_stored_where_the_tables_are_of_another_kind_is_found_once(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("old")
    old = store(documents, collection.id, "/a", prepare(["rent deposit"])).chunk_ids
    database.execute("UPDATE collections SET analysis = 0")
    new = store(documents, collection.id, "/b", prepare(["rent review"])).chunk_ids
    found = documents.keyword_search(collection.id, asked("rent"), 5)
    assert sorted(one for one, _ in found) == sorted([*old, *new])


def test_an_unknown_collection_is_named(documents: DocumentStore) -> None:
    with pytest.raises(UnknownCollection):
        documents.keyword_search(99, asked("rent"), 5)
