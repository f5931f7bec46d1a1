"""The data folder is the argument's, else the environment's, else the system's."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.storage.locations import Locations
from desktop.storage.resources import resource_path


def test_the_argument_wins_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CARREL_DATA_DIR", str(tmp_path / "environment"))
    assert Locations.of(tmp_path / "argument").data == tmp_path / "argument"
    assert Locations.of(None).data == tmp_path / "environment"


def test_without_either_the_folder_is_the_systems_place_for_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CARREL_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/someone/.data")
    data = Locations.of().data
    assert data.is_absolute()
    assert data.name == "carrel"


def test_a_relative_folder_does_not_move_with_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Locations.of(Path("here")).database == tmp_path / "here" / "carrel.db"


def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    places = Locations.of(tmp_path)
    assert {
        places.database.parent,
        places.index.parent,
        places.models.parent,
        places.logs.parent,
        places.settings_file.parent,
        places.window_file.parent,
    } == {tmp_path}


def test_nothing_is_created_by_asking_where_it_would_be(tmp_path: Path) -> None:
    Locations.of(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_resources_are_found_in_a_source_tree() -> None:
    assert resource_path("fonts").is_dir()


def test_resources_of_a_frozen_program_lie_where_it_unpacked_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert resource_path("fonts/x.ttf") == tmp_path / "resources" / "fonts" / "x.ttf"
