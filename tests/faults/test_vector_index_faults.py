"""Kills, full disks and two programs while cells are built: searches are right, and it heals."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.cancel import CancelToken
from desktop.retrieval.cell_building import build_cells
from desktop.retrieval.cells_in_step import build_due_cells, cells_problem
from desktop.retrieval.exact import nearest
from desktop.retrieval.searched_vectors import SearchedVectors
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.faults.building_program import A_DOCUMENT, DIMENSIONS, DOCUMENTS, fill

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="kills by signal"),
]

KILLS = 8
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    database = Database.open(folder / "carrel.db")
    fill(DocumentStore(database))
    database.close()
    return folder


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "data"
    shutil.copytree(filled, copy)
    yield copy


def _start(data: Path, limit_bytes: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.building_program", str(data), str(limit_bytes)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert program.stdout is not None
    assert program.stdout.readline() == "started\n"
    return program


def _assert_right_and_heals(data: Path) -> None:
    database = Database.open(data / "carrel.db")
    store = DocumentStore(database)
    [collection] = store.collections()
    ids, vectors = store.vectors(collection.id)
    assert len(ids) == DOCUMENTS * A_DOCUMENT
    draw = np.random.default_rng(8)
    searched = SearchedVectors(store)
    for question in draw.standard_normal((5, DIMENSIONS)).astype(np.float32):
        exact = {one for one, _ in nearest(ids, vectors, question, 10)}
        found = {one for one, _ in searched.nearest(collection.id, question, 10, None)}
        assert len(found & exact) >= 9
    [named] = store.vector_sets.every()
    if not named.stamp:
        for _ in build_cells(store, named, CancelToken()):
            pass
    for _ in build_due_cells(store, CancelToken()):
        pass
    [named] = store.vector_sets.every()
    assert cells_problem(store, named) == ""
    assert [folder.name for folder in store.cells_folder.iterdir()] == [named.stamp]
    assert store.integrity.file_problems() == []
    database.close()


def test_a_kill_at_any_moment_of_a_build_costs_nothing(data: Path) -> None:
    chance = random.Random(5)
    for _ in range(KILLS):
        program = _start(data)
        time.sleep(chance.uniform(0.0, 1.5))
        program.kill()
        program.communicate()
    _assert_right_and_heals(data)


@pytest.mark.parametrize("limit_bytes", [4_096, 100_000, 600_000])
def test_a_full_disk_stops_a_build_and_nothing_else(data: Path, limit_bytes: int) -> None:
    said, _ = _start(data, limit_bytes).communicate(timeout=120)
    assert said == "full\n"
    _assert_right_and_heals(data)


def test_two_programs_that_build_at_once_do_each_other_no_harm(data: Path) -> None:
    programs = [_start(data), _start(data)]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "built\n"
    for program in programs:
        program.kill()
        program.communicate()
    _assert_right_and_heals(data)
