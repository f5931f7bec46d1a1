"""Cells find what an exact search finds, keep step with the database, and never believe damage."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Chunk, DocumentContent, DocumentKind, Page, PageUnit
from desktop.domain.errors import Cancelled
from desktop.retrieval.cell_building import build_cells
from desktop.retrieval.cells_in_step import (
    build_due_cells,
    cells_problem,
    due_cells,
    erase_from_cells,
)
from desktop.retrieval.exact import nearest
from desktop.retrieval.searched_vectors import MOST_HELD, SearchedVectors
from desktop.storage.cell_files import COARSE, FINE, IDS, MANIFEST, SCALES
from desktop.storage.document_store import DocumentStore
from desktop.storage.vector_sets import VectorSet
from tests.unit.retrieval.library import open_store

Vectors = NDArray[np.float32]
DIMENSIONS = 48
DOCUMENTS = 12
A_DOCUMENT = 100


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a collection of 1,200 vectors in 60 groups, which every test copies."""
    folder = tmp_path_factory.mktemp("made")
    draw = np.random.default_rng(7)
    centres = draw.standard_normal((60, DIMENSIONS))
    with open_store(folder) as opened:
        collection = opened.create_collection("Office").id
        for number in range(DOCUMENTS):
            rows = centres[draw.integers(0, 60, A_DOCUMENT)]
            rows = rows + 0.5 * draw.standard_normal(rows.shape)
            _add(opened, collection, f"/{number}", _unit(rows))
    return folder


@pytest.fixture
def documents(made: Path, tmp_path: Path) -> Iterator[DocumentStore]:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def collection(documents: DocumentStore) -> int:
    return documents.collection("Office").id


def _unit(rows: NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _add(documents: DocumentStore, collection: int, path: str, vectors: Vectors) -> list[int]:
    words = " ".join(f"w{at}" for at in range(len(vectors)))
    starts = [word.start() for word in re.finditer("w", words)]
    ends = [*(start - 1 for start in starts[1:]), len(words)]
    chunks = [
        Chunk(0, 0, at, 1, start, end, words[start:end])
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    content = DocumentContent(DocumentKind.TEXT, "Words", (Page(1, words),), PageUnit.PART)
    reading = documents.mark_reading(collection, path, 1, 1)
    stored = documents.save_ready(reading.id, content, path, 1, 1, chunks, vectors, "test-embedder")
    return list(stored.chunk_ids)


def _set(documents: DocumentStore, collection: int) -> VectorSet:
    found = documents.vector_sets.searched(collection)
    assert found is not None
    return found


def _build(documents: DocumentStore, collection: int) -> Path:
    for _ in build_cells(documents, _set(documents, collection), CancelToken()):
        pass
    return documents.cells_folder / _set(documents, collection).stamp


def _questions(count: int = 20) -> Vectors:
    return _unit(np.random.default_rng(9).standard_normal((count, DIMENSIONS)))


def _assert_exact(documents: DocumentStore, collection: int, searched: SearchedVectors) -> None:
    """Twelve hundred rows are all looked through, so the answer is the exact one."""
    ids, vectors = documents.vectors(collection)
    for question in _questions():
        exact = nearest(ids, vectors, question, 10)
        found = searched.nearest(collection, question, 10, None)
        # In sixteen bits, two that are all but equally near may change places.
        assert len({one for one, _ in found} & {one for one, _ in exact}) >= 9
        assert np.allclose([near for _, near in found], [near for _, near in exact], atol=2e-3)


def test_cells_find_what_an_exact_search_finds(documents: DocumentStore, collection: int) -> None:
    folder = _build(documents, collection)
    assert (folder / MANIFEST).is_file()
    _assert_exact(documents, collection, SearchedVectors(documents))


def test_what_was_written_after_the_build_is_found_at_once(
    documents: DocumentStore, collection: int
) -> None:
    _build(documents, collection)
    searched = SearchedVectors(documents)
    _assert_exact(documents, collection, searched)
    _add(documents, collection, "/later", _questions(5))
    _assert_exact(documents, collection, searched)
    _assert_exact(documents, collection, SearchedVectors(documents))


def test_what_was_removed_is_found_no_more_at_once(
    documents: DocumentStore, collection: int
) -> None:
    _build(documents, collection)
    searched = SearchedVectors(documents)
    _add(documents, collection, "/later", _questions(5))
    _assert_exact(documents, collection, searched)
    documents.remove_documents([one.id for one in documents.documents(collection)][::2])
    _assert_exact(documents, collection, searched)
    _assert_exact(documents, collection, SearchedVectors(documents))


def test_another_connection_sees_changes_and_new_cells(
    documents: DocumentStore, collection: int, tmp_path: Path
) -> None:
    with open_store(tmp_path) as other:
        searched = SearchedVectors(other)
        _assert_exact(other, collection, searched)
        _build(documents, collection)
        _assert_exact(other, collection, searched)
        documents.remove_documents([documents.documents(collection)[3].id])
        erase_from_cells(documents)
        _assert_exact(other, collection, searched)
        _add(documents, collection, "/later", _questions(5))
        _assert_exact(other, collection, searched)


def test_a_search_among_some_chunks_finds_these_alone(
    documents: DocumentStore, collection: int
) -> None:
    _build(documents, collection)
    later = _add(documents, collection, "/later", _questions(5))
    ids, vectors = documents.vectors(collection)
    some = np.array([*ids[100:180].tolist(), later[2]], np.int64)
    chosen = np.isin(ids, some)
    searched = SearchedVectors(documents)
    for question in _questions():
        exact = nearest(ids[chosen], vectors[chosen], question, 5)
        found = searched.nearest(collection, question, 5, some)
        assert [one for one, _ in found] == [one for one, _ in exact]


def test_similarities_come_from_cells_and_from_what_is_newer(
    documents: DocumentStore, collection: int
) -> None:
    _build(documents, collection)
    later = _add(documents, collection, "/later", _questions(5))
    [question] = _questions(1)
    wanted = np.array([5, 700, later[0], 10**6], np.int64)
    similar = SearchedVectors(documents).similarities(collection, question, wanted)
    assert set(similar) == {5, 700, later[0]}
    known = documents.vectors_of([5, 700, later[0]])
    for one, near in similar.items():
        assert near == pytest.approx(float(known[one] @ question), abs=2e-3)


def test_a_question_of_another_length_finds_nothing(
    documents: DocumentStore, collection: int
) -> None:
    _build(documents, collection)
    searched = SearchedVectors(documents)
    longer = np.ones(DIMENSIONS + 8, np.float32)
    assert searched.nearest(collection, longer, 5, None) == []
    assert searched.similarities(collection, longer, np.array([5])) == {}


def test_erasing_leaves_no_byte_of_a_removed_vector_in_any_file(
    documents: DocumentStore, collection: int
) -> None:
    canary = _unit(np.full((3, DIMENSIONS), 0.25) + np.arange(DIMENSIONS) / 100)
    _add(documents, collection, "/canary", canary)
    folder = _build(documents, collection)
    wanted = canary[0].astype(np.float16).tobytes()
    assert wanted in (folder / FINE).read_bytes()
    found = documents.document_at(collection, "/canary")
    assert found is not None
    documents.remove_document(found.id)
    erase_from_cells(documents)
    documents.erase_removed()
    for file in documents.cells_folder.parent.parent.rglob("*"):
        if file.is_file():
            assert wanted not in file.read_bytes(), file
            assert canary[0].tobytes() not in file.read_bytes(), file
    assert documents.vector_sets.removals_after(0, collection, "test-embedder") == []
    assert cells_problem(documents, _set(documents, collection)) == ""
    _assert_exact(documents, collection, SearchedVectors(documents))


def test_a_stopped_build_leaves_what_was_there(documents: DocumentStore, collection: int) -> None:
    _build(documents, collection)
    before = _set(documents, collection)
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        for _ in build_cells(documents, before, cancel):
            cancel.cancel()
    assert _set(documents, collection) == before
    _assert_exact(documents, collection, SearchedVectors(documents))
    for _ in build_due_cells(documents, CancelToken()):
        pass
    assert [each.name for each in documents.cells_folder.iterdir()] == [before.stamp]


def test_removed_while_the_cells_are_built_is_not_in_them(
    documents: DocumentStore, collection: int
) -> None:
    victims = [one.id for one in documents.documents(collection)][:4]
    steps = build_cells(documents, _set(documents, collection), CancelToken())
    for at, _ in enumerate(steps):
        if at < len(victims):
            documents.remove_document(victims[at])
    _assert_exact(documents, collection, SearchedVectors(documents))


def test_a_collection_gets_cells_when_it_is_too_large_to_be_held(
    documents: DocumentStore, collection: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert due_cells(documents) == []
    monkeypatch.setattr("desktop.retrieval.cells_in_step.MOST_HELD", 1199)
    assert [one.collection_id for one in due_cells(documents)] == [collection]
    steps = list(build_due_cells(documents, CancelToken()))
    assert steps[-1].vectors_done == steps[-1].vectors_total == DOCUMENTS * A_DOCUMENT
    assert due_cells(documents) == []
    assert MOST_HELD > DOCUMENTS * A_DOCUMENT


def test_too_many_to_hold_are_read_from_the_database_until_there_are_cells(
    documents: DocumentStore, collection: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.retrieval.searched_vectors.MOST_HELD", 100)
    searched = SearchedVectors(documents)
    _assert_exact(documents, collection, searched)
    _build(documents, collection)
    _assert_exact(documents, collection, searched)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(64))


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 97):
        data[at] ^= 0x10
    path.write_bytes(data)


def _replace(path: Path) -> None:
    path.write_bytes(secrets.token_bytes(path.stat().st_size))


def _delete(path: Path) -> None:
    path.unlink()


# What is in memory once it was opened is not read again.
_DAMAGED = [(name, False) for name in (COARSE, FINE, IDS, SCALES, MANIFEST)]
_DAMAGED += [(name, True) for name in (COARSE, FINE)]


@pytest.mark.parametrize("damage", [_cut, _lengthen, _flip, _replace, _delete])
@pytest.mark.parametrize(("name", "opened"), _DAMAGED)
def test_damaged_cells_never_answer_and_are_built_anew(
    documents: DocumentStore,
    collection: int,
    damage: Callable[[Path], None],
    name: str,
    opened: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = _build(documents, collection)
    searched = SearchedVectors(documents)
    if opened:
        searched.nearest(collection, _questions(1)[0], 1, None)
    damage(folder / name)
    _assert_exact(documents, collection, searched)
    fresh = SearchedVectors(documents)
    _assert_exact(documents, collection, fresh)
    assert _set(documents, collection).stamp == ""
    monkeypatch.setattr("desktop.retrieval.cells_in_step.MOST_HELD", 400)
    for _ in build_due_cells(documents, CancelToken()):
        pass
    assert _set(documents, collection).stamp not in ("", folder.name)
    assert not folder.exists()
    _assert_exact(documents, collection, searched)
    assert cells_problem(documents, _set(documents, collection)) == ""


def test_cells_of_another_database_are_not_used(documents: DocumentStore, collection: int) -> None:
    folder = _build(documents, collection)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["shape"]["stamp"] = "0" * 16
    (folder / MANIFEST).write_text(json.dumps(manifest))
    _assert_exact(documents, collection, SearchedVectors(documents))
    assert _set(documents, collection).stamp == ""


def test_vectors_of_several_embedders_stand_beside_each_other(
    documents: DocumentStore, collection: int
) -> None:
    table = documents.vector_table
    owner = documents.documents(collection)[0]
    ids = [chunk.id for chunk in documents.chunks_of_document(owner.id)]
    other = _unit(np.random.default_rng(1).standard_normal((len(ids), 16)))
    table.add(collection, owner.id, ids[0], other, "another")
    assert table.embedders(collection) == ["test-embedder", "another"]
    _assert_exact(documents, collection, SearchedVectors(documents))
    searched = SearchedVectors(documents)
    searched.nearest(collection, _questions(1)[0], 1, None)
    table.search_with(collection, "another")
    assert searched.nearest(collection, other[3], 1, None)[0][0] == ids[3]
    assert list(documents.vectors_of([ids[3]])[ids[3]]) == list(other[3])
    table.drop(collection, "test-embedder")
    assert table.embedders(collection) == ["another"]
    assert searched.nearest(collection, other[4], 1, None)[0][0] == ids[4]
