"""Documents are stored whole, replaced whole, and forgotten whole."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.documents import Box, DocumentKind, DocumentStatus, Line, PageUnit
from desktop.domain.errors import DatabaseDamaged, UnknownDocument
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.words.asked import WordsAsked
from tests.support.stored_content import EMBEDDER, finish, prepare, store

RENT = "The rent is 1,450 euros a month, due on the third working day."
NOTICE = "Either side may end the lease with three months’ notice."


def test_what_was_stored_of_a_document_is_read_back_unchanged(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    prepared = prepare([RENT, NOTICE], headings=('A "quoted" part', "§ 2"))
    stored = store(documents, collection.id, "/files/lease.pdf", prepared)

    assert documents.document(stored.document.id) == stored.document
    assert stored.document.status is DocumentStatus.READY
    assert stored.document.kind is DocumentKind.PDF
    assert (stored.document.pages, stored.document.chunks, stored.document.unit) == (
        2,
        2,
        PageUnit.PAGE,
    )
    assert [documents.page(stored.document.id, number) for number in (1, 2)] == list(
        prepared.content.pages
    )
    expected = [
        replace(chunk, id=chunk_id, document_id=stored.document.id)
        for chunk, chunk_id in zip(prepared.chunks, stored.chunk_ids, strict=True)
    ]
    assert documents.chunks_of_document(stored.document.id) == expected
    assert list(documents.chunks(reversed(stored.chunk_ids)).values()) == expected[::-1]
    ids, vectors = documents.vectors(collection.id)
    assert ids.tolist() == list(stored.chunk_ids) == documents.chunk_ids(collection.id)
    assert vectors.tobytes() == prepared.vectors.tobytes()
    assert documents.embedder(collection.id) == EMBEDDER


def test_a_file_name_that_is_no_text_comes_back_as_it_was(documents: DocumentStore) -> None:
    collection = documents.create_collection("odd names")
    path = "/files/caf\udce9 'x' \U0001f4da/" + "n" * 255 + ".txt"
    document = documents.mark_reading(collection.id, path, 1, 2)
    assert document.path == path
    assert documents.document_at(collection.id, path) == document
    assert documents.document_at(collection.id, path + "x") is None


def test_lone_surrogates_are_replaced_without_moving_a_span(documents: DocumentStore) -> None:
    collection = documents.create_collection("odd text")
    stored = store(documents, collection.id, "/a", prepare(["ab\ud835cd rent"], title="\ud800"))
    assert documents.page(stored.document.id, 1).text == "ab\ufffdcd rent"
    assert documents.chunks_of_document(stored.document.id)[0].text == "ab\ufffdcd rent"
    assert documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 5)


def test_many_chunks_keep_their_vectors_in_order(documents: DocumentStore) -> None:
    collection = documents.create_collection("long")
    first = prepare([f"passage {number}" for number in range(600)])
    second = prepare(["one more"])
    store(documents, collection.id, "/long", first)
    store(documents, collection.id, "/short", second)
    ids, vectors = documents.vectors(collection.id)
    assert ids.tolist() == list(range(1, 602))
    assert np.array_equal(vectors, np.vstack([first.vectors, second.vectors]))


def test_a_new_version_replaces_the_old_one_and_names_its_chunks(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    old = store(documents, collection.id, "/lease", prepare([RENT, NOTICE]))
    new = store(documents, collection.id, "/lease", prepare(["A deposit of 2,900 euros."], "New"))
    assert new.document.id == old.document.id
    assert new.replaced_chunk_ids == old.chunk_ids
    assert not set(new.chunk_ids) & set(old.chunk_ids)
    assert documents.chunks(old.chunk_ids) == {}
    assert documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 5) == []
    assert [
        hit[0] for hit in documents.keyword_search(collection.id, WordsAsked.any_of("deposit"), 5)
    ] == list(new.chunk_ids)
    with pytest.raises(UnknownDocument):
        documents.page(old.document.id, 2)


@pytest.mark.parametrize("outcome", ["still reading", "failed"])
def test_the_old_version_stays_searchable_until_the_new_one_is_stored(
    documents: DocumentStore, outcome: str
) -> None:
    collection = documents.create_collection("contracts")
    stored = store(documents, collection.id, "/lease", prepare([RENT]))
    documents.mark_reading(collection.id, "/lease", 5, 6)
    if outcome == "failed":
        documents.mark_failed(stored.document.id, DocumentStatus.FAILED, "DamagedFile", "Cut off.")
    assert [
        hit[0] for hit in documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 5)
    ] == [stored.chunk_ids[0]]
    assert documents.chunk_ids(collection.id) == list(stored.chunk_ids)


def test_a_document_left_reading_is_found_at_the_next_start(tmp_path: Path) -> None:
    first = Database.open(tmp_path / "carrel.db")
    documents = DocumentStore(first)
    collection = documents.create_collection("contracts")
    store(documents, collection.id, "/done", prepare([RENT]))
    left = documents.mark_reading(collection.id, "/left", 1, 2)
    first.close()
    second = Database.open(tmp_path / "carrel.db")
    assert DocumentStore(second).interrupted() == [left]
    second.close()


def test_a_failure_is_kept_with_its_reason_and_forgotten_by_the_next_reading(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    document = documents.mark_reading(collection.id, "/x.pdf", 1, 2)
    failed = documents.mark_failed(
        document.id, DocumentStatus.NEEDS_PASSWORD, "PasswordNeeded", "x.pdf is encrypted."
    )
    assert (failed.status, failed.error, failed.error_detail) == (
        DocumentStatus.NEEDS_PASSWORD,
        "PasswordNeeded",
        "x.pdf is encrypted.",
    )
    assert documents.mark_reading(collection.id, "/x.pdf", 1, 2).error == ""


def test_a_touched_file_with_the_same_content_is_ready_with_its_new_date(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    stored = store(documents, collection.id, "/lease", prepare([RENT]))
    documents.mark_reading(collection.id, "/lease", 100, 999)
    unchanged = documents.mark_unchanged(stored.document.id, 100, 999)
    assert unchanged == replace(stored.document, modified_ns=999)


def test_a_removed_document_leaves_nothing_to_be_found(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    stored = store(documents, collection.id, "/lease", prepare([RENT, NOTICE]))
    kept = store(documents, collection.id, "/other", prepare(["The rent of the other house."]))
    assert documents.remove_document(stored.document.id) == stored.chunk_ids
    with pytest.raises(UnknownDocument):
        documents.document(stored.document.id)
    with pytest.raises(UnknownDocument):
        finish(documents, stored.document, prepare([RENT]))
    assert documents.chunk_ids(collection.id) == list(kept.chunk_ids)
    assert [
        hit[0] for hit in documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 5)
    ] == list(kept.chunk_ids)


def test_the_bytes_of_removed_text_are_gone_from_the_disk_after_erasing(
    documents: DocumentStore, database: Database
) -> None:
    collection = documents.create_collection("contracts")
    canary = "quokkaparagraph"
    for number in range(30):
        store(documents, collection.id, f"/{number}", prepare([f"{RENT} {number}"]))
    gone = store(documents, collection.id, "/gone", prepare([f"{canary} {RENT}"], title=canary))
    replaced = store(documents, collection.id, "/new", prepare([f"{canary} {NOTICE}"]))
    assert _on_disk(database.path, canary)
    documents.remove_document(gone.document.id)
    finish(documents, replaced.document, prepare([NOTICE]))
    documents.erase_removed()
    assert not _on_disk(database.path, canary)
    assert len(documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 100)) == 30


def test_few_words_are_gone_from_the_file_mostly_without_merging_the_others(
    documents: DocumentStore, database: Database
) -> None:
    """Rare words in every part of an index of many parts, some of them first on their pages."""
    chance = random.Random(3)
    collection = documents.create_collection("contracts")
    rare = ["".join(chance.choices(string.ascii_lowercase, k=12)) for _ in range(60)]
    others = [f"{RENT} {chance.random()} {chance.random()}" for _ in range(2_500)]
    store(documents, collection.id, "/others", prepare(others))
    for number, word in enumerate(rare):
        text = f"{word} {RENT} {word}s {word}{number}"
        store(documents, collection.id, f"/{number}", prepare([text], title=word))
    gone = rare[::4]
    merged = 0
    for word in gone:
        found = documents.document_at(collection.id, f"/{rare.index(word)}")
        assert found is not None
        documents.remove_document(found.id)
        [(unerased,)] = database.execute("SELECT unerased FROM collections")
        merged += unerased > 0
        documents.erase_removed()
        content = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
        assert word.encode() not in content
    assert merged < len(gone) // 2, "a merge of all words for each few that go"
    assert all(word.encode() in content for word in rare if word not in gone)
    kept = documents.keyword_search(collection.id, WordsAsked.any_of("rent"), 5000)
    assert len(kept) == len(others) + len(rare) - len(gone)


def test_a_word_that_stays_as_the_key_of_a_page_is_merged_away(
    documents: DocumentStore, database: Database
) -> None:
    chance = random.Random(4)
    collection = documents.create_collection("contracts")
    store(documents, collection.id, "/others", prepare([f"{RENT} {n}" for n in range(2_500)]))
    rare = ["".join(chance.choices(string.ascii_lowercase, k=12)) for _ in range(8)]
    # So many words begin alike that one of them is the first of its page.
    stored = {
        word: store(
            documents,
            collection.id,
            f"/{word}",
            prepare([" ".join(f"{word}{chance.random():.6f}" for _ in range(150))]),
        )
        for word in rare
    }
    merged = 0
    for word, one in stored.items():
        documents.remove_document(one.document.id)
        [(unerased,)] = database.execute("SELECT unerased FROM collections")
        merged += unerased > 0
        documents.erase_removed()
        content = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
        assert word.encode() not in content
    assert merged


def test_erasing_makes_the_file_smaller(documents: DocumentStore, database: Database) -> None:
    collection = documents.create_collection("contracts")
    store(documents, collection.id, "/big", prepare([f"{RENT} {n}" * 20 for n in range(300)]))
    database.checkpoint()
    before = database.path.stat().st_size
    documents.remove_collection(collection.id)
    documents.erase_removed()
    assert database.path.stat().st_size < before / 2


def test_chunk_ids_are_never_used_twice(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    first = store(documents, collection.id, "/a", prepare([RENT]))
    documents.remove_document(first.document.id)
    second = store(documents, collection.id, "/a", prepare([RENT]))
    assert second.chunk_ids[0] > first.chunk_ids[0]
    assert second.document.id > first.document.id


def test_a_document_without_chunks_can_be_stored_and_replaced(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    empty = prepare([])
    stored = store(documents, collection.id, "/empty", empty)
    assert stored.chunk_ids == ()
    assert store(documents, collection.id, "/empty", prepare([RENT])).replaced_chunk_ids == ()
    assert store(documents, collection.id, "/empty", empty).replaced_chunk_ids != ()


def test_vectors_that_do_not_fit_the_chunks_are_refused_and_nothing_is_stored(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    prepared = prepare([RENT, NOTICE])
    with pytest.raises(ValueError, match="for 2 chunks"):
        store(documents, collection.id, "/lease", replace(prepared, vectors=prepared.vectors[:1]))
    assert documents.chunk_ids(collection.id) == []


def test_an_error_in_the_middle_of_storing_leaves_the_old_version(
    documents: DocumentStore,
) -> None:
    collection = documents.create_collection("contracts")
    stored = store(documents, collection.id, "/lease", prepare([RENT]))
    twice = prepare([RENT, NOTICE])
    clash = replace(twice, chunks=(twice.chunks[0], twice.chunks[0]))
    with pytest.raises(Exception, match="UNIQUE"):
        store(documents, collection.id, "/lease", clash)
    assert documents.chunk_ids(collection.id) == list(stored.chunk_ids)
    assert documents.page(stored.document.id, 1).text == RENT


def test_documents_come_by_path_in_pages(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    for path in ("/c", "/a", "/b"):
        documents.mark_reading(collection.id, path, 1, 1)
    assert [one.path for one in documents.documents(collection.id)] == ["/a", "/b", "/c"]
    assert [one.path for one in documents.documents(collection.id, 1, 1)] == ["/b"]


def test_the_vector_index_is_in_doubt_from_before_a_write_until_its_check(
    documents: DocumentStore, database: Database
) -> None:
    assert (documents.is_dirty(), documents.index_generation()) == (False, 1)
    documents.begin_index_writes()
    second = Database.open(database.path)
    assert DocumentStore(second).is_dirty()
    documents.end_index_writes()
    assert not DocumentStore(second).is_dirty()
    assert documents.next_generation() == 2
    assert (DocumentStore(second).index_generation(), documents.is_dirty()) == (2, True)
    second.close()


@pytest.mark.parametrize("change", ["layout = x'00'", "text = CAST(x'ff' AS TEXT)"])
def test_a_page_that_was_changed_on_disk_is_damage_and_not_a_bug(
    documents: DocumentStore, database: Database, change: str
) -> None:
    collection = documents.create_collection("contracts")
    stored = store(documents, collection.id, "/lease", prepare([RENT]))
    database.execute(f"UPDATE pages SET {change}")
    with pytest.raises(DatabaseDamaged):
        documents.page(stored.document.id, 1)


def test_a_page_layout_keeps_every_number(documents: DocumentStore) -> None:
    collection = documents.create_collection("contracts")
    prepared = prepare([RENT])
    line = Line(1, 2, Box(0.1, 1e-9, 123456.789012345, 2.0))
    page = replace(prepared.content.pages[0], lines=(line, line), blocks=())
    content = replace(prepared.content, pages=(page,))
    stored = store(documents, collection.id, "/a", replace(prepared, content=content))
    assert documents.page(stored.document.id, 1) == page


def _on_disk(database: Path, text: str) -> bool:
    files = list(database.parent.iterdir())
    assert files
    return any(text.encode() in file.read_bytes() for file in files)
