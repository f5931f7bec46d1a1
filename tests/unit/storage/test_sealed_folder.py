"""A folder of another's making is opened only as it was closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.storage.sealed_folder import break_seal, discard_folders, seal_folder, seal_holds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "gen-1"
    (made / "deep").mkdir(parents=True)
    (made / "one.bin").write_bytes(b"one" * 100)
    (made / "deep" / "two.bin").write_bytes(b"two" * 100)
    return made


def _flip(folder: Path) -> None:
    data = bytearray((folder / "one.bin").read_bytes())
    data[50] ^= 1
    (folder / "one.bin").write_bytes(data)


def _cut(folder: Path) -> None:
    (folder / "deep" / "two.bin").write_bytes(b"two")


def _delete(folder: Path) -> None:
    (folder / "one.bin").unlink()


def _add(folder: Path) -> None:
    (folder / "three.bin").write_bytes(b"")


def _grow(folder: Path) -> None:
    with (folder / "one.bin").open("r+b") as file:
        # A sparse file, as Chroma writes from damaged ones.
        file.truncate(1 << 24)


def _damage_the_manifest(folder: Path) -> None:
    (folder / "carrel-manifest.json").write_bytes(b"\xff\xfe nothing")


def test_a_sealed_folder_holds_as_long_as_nothing_changes(folder: Path) -> None:
    seal_folder(folder)
    assert seal_holds(folder)


@pytest.mark.parametrize("change", [_flip, _cut, _delete, _add, _grow, _damage_the_manifest])
def test_any_change_to_a_sealed_folder_is_noticed(
    folder: Path, change: Callable[[Path], None]
) -> None:
    seal_folder(folder)
    change(folder)
    assert not seal_holds(folder)


def test_a_folder_that_was_opened_has_no_seal_to_break(folder: Path) -> None:
    seal_folder(folder)
    break_seal(folder)
    _flip(folder)
    assert seal_holds(folder)


def test_other_generations_are_deleted(folder: Path) -> None:
    (folder.parent / "gen-2").mkdir()
    (folder.parent / "cells").mkdir()
    discard_folders(folder.parent, "gen-*", "gen-2")
    assert sorted(path.name for path in folder.parent.iterdir()) == ["cells", "gen-2"]
