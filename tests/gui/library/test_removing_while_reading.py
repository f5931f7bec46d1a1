"""What is removed while files are read goes, and does not wait for the reading's end."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.documents import Collection
from desktop.gui.library.library_header import LibraryHeader
from desktop.gui.library.library_view import LibraryView
from tests.support.fake_assistant import NOW
from tests.support.view_stage import Stage


@pytest.fixture
def reading(stage: Stage, tmp_path: Path) -> LibraryView:
    """A view of a collection into which a folder is being read."""
    stage.desk.collections[1] = Collection(1, "Contracts 2024", NOW, 0, 0)
    stage.desk.collections[2] = Collection(2, "Board", NOW, 0, 0)
    view = LibraryView(stage.assistant, stage.theme)
    stage.show(view, 1184, 900)
    view.open_collection(1)
    (tmp_path / "lease.txt").write_text("The rent is 900 euros.", encoding="utf-8")
    stage.desk.hold = True
    view.add_paths([tmp_path])
    stage.settle()
    return view


def remove_shown(stage: Stage, view: LibraryView) -> None:
    header = view.findChild(LibraryHeader)
    assert header is not None
    header.removal_confirmed.emit()
    stage.settle()


def test_removing_a_collection_stops_what_is_read_into_it(
    stage: Stage, reading: LibraryView
) -> None:
    [read] = stage.desk.open_jobs
    remove_shown(stage, reading)
    [removal] = stage.desk.open_jobs
    assert removal != read


def test_removing_a_collection_leaves_the_reading_of_another_alone(
    stage: Stage, reading: LibraryView
) -> None:
    [read] = stage.desk.open_jobs
    reading.open_collection(2)
    remove_shown(stage, reading)
    assert read in stage.desk.open_jobs


def test_stopping_the_reading_does_not_call_off_a_removal(
    stage: Stage, reading: LibraryView
) -> None:
    [read] = stage.desk.open_jobs
    reading.open_collection(2)
    remove_shown(stage, reading)
    [removal] = set(stage.desk.open_jobs) - {read}
    reading.content.stop_clicked.emit()
    stage.settle()
    assert list(stage.desk.open_jobs) == [removal]
