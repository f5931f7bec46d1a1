"""Turning a collection to another embedder: searchable throughout, taken up after a stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import Cancelled
from desktop.domain.models import EmbeddingProgress
from desktop.indexing.embedded_text import embedded_text
from desktop.indexing.reembedding import embed_anew, even_out
from desktop.retrieval.vector_index import VectorIndex
from tests.support.fake_embedder import FakeEmbedder, MemoryIndex
from tests.unit.indexing.desk import Desk, statuses
from tests.unit.retrieval.library import PARAGRAPHS, fill, open_store


class OtherModel(FakeEmbedder):
    """Hashes words as the first one does, in vectors twice as long."""

    name = "other-words"
    dimensions = 128


class OtherIndex(MemoryIndex):
    def __init__(self) -> None:
        super().__init__()
        self._model = OtherModel()


def test_the_new_vectors_take_over_when_all_of_them_are_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        collection = store.collection_by_id(fill(store, MemoryIndex()))
        index = OtherIndex()
        steps = list(embed_anew(collection, store, index, CancelToken()))
        count = len(PARAGRAPHS)
        assert steps[0] == EmbeddingProgress("Office", 0, count)
        assert steps[-1] == EmbeddingProgress("Office", count, count)
        assert store.vector_table.embedders(collection.id) == [index.embedder]
        ids, vectors = store.vectors(collection.id)
        assert vectors.shape == (count, OtherModel.dimensions)
        for chunk_id, vector in zip(ids.tolist(), vectors, strict=True):
            chunk = store.chunks([chunk_id])[chunk_id]
            title = store.document(chunk.document_id).title
            assert vector @ index.embed([embedded_text(title, chunk)])[0] > 0.999
        search = VectorIndex(store, index.vectors)
        assert search.search(collection.id, vectors[2], 1)[0][0] == ids[2]


def test_a_stop_leaves_the_old_vectors_searched_and_loses_nothing_done(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        old = MemoryIndex()
        collection = store.collection_by_id(fill(store, old))
        index, cancel = OtherIndex(), CancelToken()
        running = embed_anew(collection, store, index, cancel)
        next(running)
        assert next(running).chunks_done == 1
        cancel.cancel()
        with pytest.raises(Cancelled):
            next(running)
        assert store.embedder(collection.id) == old.embedder
        assert len(store.vectors(collection.id)[0]) == len(PARAGRAPHS)
        question = old.embed([PARAGRAPHS["invoice.pdf"]])[0]
        assert VectorIndex(store, old.vectors).search(collection.id, question, 1)[0][1] > 0.999

        again = OtherIndex()
        first, *_ = list(embed_anew(collection, store, again, CancelToken()))
        assert first.chunks_done == 1
        assert len([text for text in again.embedded if text != "warm"]) == len(PARAGRAPHS) - 1
        assert store.vector_table.embedders(collection.id) == [again.embedder]


def test_a_collection_of_the_embedder_in_use_is_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        index = MemoryIndex()
        collection = store.collection_by_id(fill(store, index))
        index.embedded.clear()
        assert list(embed_anew(collection, store, index, CancelToken())) == []
        assert index.embedded == ["warm"]


def test_what_was_read_since_the_change_is_joined_by_what_was_read_before(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        old, new = MemoryIndex(), OtherIndex()
        collection = store.collection_by_id(fill(store, old))
        assert list(even_out(collection, store, new, CancelToken())) == []
        assert new.embedded == []
        fill(store, new, {"later.pdf": "The cellar was dry in autumn."})
        assert store.embedder(collection.id) == old.embedder
        *_, last = even_out(collection, store, new, CancelToken())
        assert (last.chunks_done, last.chunks_total) == (5, 5)
        assert store.vector_table.embedders(collection.id) == [new.embedder]
        assert len(store.vectors(collection.id)[0]) == 5


def test_a_file_read_with_another_embedder_than_is_searched_waits_to_be_turned_over(
    desk: Desk,
) -> None:
    desk.write("lease.md", "The rent of the flat is due on the third day.")
    desk.run()
    old = desk.index.embedder
    desk.index = OtherIndex()
    desk.write("notice.md", "Notice is given three months before the end.")
    report = desk.run()
    # Without the old one's vectors they cannot be proved to find themselves yet, nor be lost.
    assert statuses(report)["notice.md"] is DocumentStatus.READY
    assert desk.store.vector_table.embedders(desk.collection.id) == [old, desk.index.embedder]
    for _ in even_out(desk.collection, desk.store, desk.index, CancelToken()):
        pass
    assert desk.store.vector_table.embedders(desk.collection.id) == [desk.index.embedder]
    assert desk.found("notice before the end")[0] == "notice.md"
    assert desk.found("rent of the flat")[0] == "lease.md"
    ids, vectors = desk.store.vectors(desk.collection.id)
    assert vectors.shape == (len(ids), OtherModel.dimensions) == (2, OtherModel.dimensions)
