"""A check names what is wrong with a collection, and a repair makes it whole from the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.checks import CollectionCheck, CollectionRepair
from desktop.indexing.checking import repair_collection, verify_collection
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import PARAGRAPHS, fill

CANCEL = CancelToken()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "carrel.db")
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> DocumentStore:
    return DocumentStore(database)


@pytest.fixture
def index(store: DocumentStore) -> MemoryIndex:
    made = MemoryIndex()
    fill(store, made)
    VectorIndex(store, made.vectors).settle(thorough=True)
    return made


def _verify(store: DocumentStore, index: MemoryIndex) -> CollectionCheck:
    return verify_collection(store, index, store.collection("Office"), CANCEL)


def _repair(store: DocumentStore, index: MemoryIndex) -> CollectionRepair:
    steps = repair_collection(store, index, store.collection("Office"), CANCEL)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            repaired: CollectionRepair = end.value
            return repaired


def _words_gone(database: Database) -> None:
    database.execute("DELETE FROM words_1 WHERE rowid = 2")


def _vector_gone(database: Database) -> None:
    database.execute("DELETE FROM vector_runs WHERE first_chunk_id = 2")


def _chunk_gone(database: Database) -> None:
    database.execute("DELETE FROM chunks WHERE id = 2")


def _copy_wrong(index: MemoryIndex) -> None:
    for rows in index.vectors.kept.values():
        for one in rows:
            rows[one] = -rows[one]


def test_a_whole_collection_has_no_problem(store: DocumentStore, index: MemoryIndex) -> None:
    count = len(PARAGRAPHS)
    check = _verify(store, index)
    assert check == CollectionCheck("Office", (), count, count, count, count, count)
    assert check.ok


def test_missing_words_are_named_and_made_anew(
    store: DocumentStore, database: Database, index: MemoryIndex
) -> None:
    _words_gone(database)
    assert any("keyword index" in problem for problem in _verify(store, index).problems)
    repaired = _repair(store, index)
    assert repaired.check.problems == ()
    assert repaired.embedded == 0


def test_a_missing_keyword_index_is_named_and_made_anew(
    store: DocumentStore, database: Database, index: MemoryIndex
) -> None:
    database.execute("DROP TABLE words_1")
    assert any("keyword index" in problem for problem in _verify(store, index).problems)
    assert _repair(store, index).check.ok


def test_a_missing_vector_is_named_and_embedded_again_alone(
    store: DocumentStore, database: Database, index: MemoryIndex
) -> None:
    _vector_gone(database)
    problems = _verify(store, index).problems
    assert any("without a vector" in problem for problem in problems)
    index.embedded.clear()
    repaired = _repair(store, index)
    assert repaired.check.problems == ()
    assert repaired.embedded == 1
    assert len(index.embedded) == 1


def test_a_missing_chunk_is_named(
    store: DocumentStore, database: Database, index: MemoryIndex
) -> None:
    _chunk_gone(database)
    check = _verify(store, index)
    assert any("not as many passages" in problem for problem in check.problems)
    assert not check.ok


def test_a_copy_that_answers_wrongly_is_named_and_made_anew(
    store: DocumentStore, index: MemoryIndex
) -> None:
    _copy_wrong(index)
    assert any("Chroma" in problem for problem in _verify(store, index).problems)
    assert _repair(store, index).check.ok


def test_a_repair_of_a_whole_collection_embeds_and_loses_nothing(
    store: DocumentStore, index: MemoryIndex
) -> None:
    before = _verify(store, index)
    index.embedded.clear()
    repaired = _repair(store, index)
    assert repaired.check == before
    assert index.embedded == []
