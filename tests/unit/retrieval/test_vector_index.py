"""The copy in Chroma is used while it is whole, and never missed while it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled
from desktop.retrieval.exact import nearest
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
    made = MemoryIndex()
    made.vectors.asked = True
    return made


def _first(vectors: VectorIndex, index: MemoryIndex, collection: int) -> int:
    return vectors.search(collection, index.embed([PARAGRAPHS["minutes.pdf"]])[0], 1)[0][0]


def _id_of(store: DocumentStore, collection: int, path: str) -> int:
    document = store.document_at(collection, path)
    assert document is not None
    return store.chunks_of_document(document.id)[0].id


def test_before_any_check_every_vector_of_the_database_is_looked_at(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    assert _first(vectors, index, collection) == _id_of(store, collection, "minutes.pdf")
    assert index.vectors.kept == {}


def test_an_index_that_lacks_chunks_is_built_anew(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    generation = store.index_generation()
    assert VectorIndex(store, index.vectors).settle()
    assert store.index_generation() == generation + 1
    assert not store.is_dirty()
    assert list(index.vectors.kept) == [(generation + 1, collection)]
    assert len(index.vectors.kept[(generation + 1, collection)]) == len(PARAGRAPHS)


def test_a_checked_index_answers(store: DocumentStore, index: MemoryIndex) -> None:
    collection = fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    vectors.settle()
    # Only the index knows this one: so it is the index that answered.
    index.vectors.kept[(store.index_generation(), collection)][999] = index.embed(["zebra"])[0]
    assert vectors.search(collection, index.embed(["zebra"])[0], 1)[0][0] == 999


def test_an_index_left_dirty_by_a_kill_is_not_asked_and_built_anew(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    VectorIndex(store, index.vectors).settle()
    store.begin_index_writes()
    index.vectors.kept[(store.index_generation(), collection)].clear()
    vectors = VectorIndex(store, index.vectors)
    assert _first(vectors, index, collection) == _id_of(store, collection, "minutes.pdf")
    generation = store.index_generation()
    assert vectors.settle()
    assert store.index_generation() == generation + 1


def test_an_index_that_answers_wrongly_is_built_anew(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    vectors.settle()
    generation = store.index_generation()
    rows = index.vectors.kept[(generation, collection)]
    for one in rows:
        rows[one] = -rows[one]
    assert VectorIndex(store, index.vectors).settle()
    assert store.index_generation() == generation + 1


def test_a_dying_index_fails_no_search_and_no_change(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    vectors.settle()
    index.vectors.broken = True
    assert _first(vectors, index, collection) == _id_of(store, collection, "minutes.pdf")
    vectors.begin_changes()
    vectors.add(collection, np.array([77]), index.embed(["more"]))
    assert not vectors.settle()
    assert store.is_dirty()
    assert _first(vectors, index, collection) == _id_of(store, collection, "minutes.pdf")
    index.vectors.broken = False
    assert vectors.settle()
    assert not store.is_dirty()


def test_a_stopped_rebuild_leaves_the_index_in_doubt(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        VectorIndex(store, index.vectors).rebuild(cancel)
    assert store.is_dirty()
    vectors = VectorIndex(store, index.vectors)
    assert _first(vectors, index, collection) == _id_of(store, collection, "minutes.pdf")
    assert vectors.settle()


def test_chroma_is_not_asked_unless_the_settings_say_so(
    store: DocumentStore, index: MemoryIndex
) -> None:
    collection = fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    vectors.settle()
    index.vectors.kept[(store.index_generation(), collection)][999] = index.embed(["zebra"])[0]
    index.vectors.asked = False
    assert vectors.search(collection, index.embed(["zebra"])[0], 1)[0][0] != 999


def test_changes_make_the_flag_dirty_before_the_first_write(
    store: DocumentStore, index: MemoryIndex
) -> None:
    fill(store, index)
    vectors = VectorIndex(store, index.vectors)
    vectors.settle()
    vectors.begin_changes()
    assert store.is_dirty()
    assert vectors.settle()
    assert not store.is_dirty()


def test_nearest_is_ordered_by_similarity_then_id() -> None:
    ids = np.array([5, 3, 9, 1], np.int64)
    rows = np.array([[1, 0], [0, 1], [1, 0], [-1, 0]], np.float32)
    found = nearest(ids, rows, np.array([1, 0], np.float32), 3)
    assert found == [(5, 1.0), (9, 1.0), (3, 0.0)]


def test_nearest_of_nothing_is_nothing() -> None:
    empty = np.empty((0, 0), np.float32)
    assert nearest(np.empty(0, np.int64), empty, np.ones(4, np.float32), 5) == []
