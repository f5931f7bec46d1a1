"""A watched folder offers whole models only, each until it is known."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.models import ModelKind, NewModelFile
from desktop.inference.included_models import included_chat_model
from desktop.inference.new_model_files import WatchedModels
from tests.support.gguf_builder import TEXT, adapter, split, tiny_model

LONG_AGO = time.time() - 3600


def settled(path: Path) -> Path:
    """As if nobody had written it for an hour."""
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def names(found: list[NewModelFile]) -> list[str]:
    return [Path(one.path).name for one in found]


def test_a_whole_model_is_offered_with_what_it_is(tmp_path: Path) -> None:
    settled(tiny_model().save(tmp_path / "a.gguf"))
    settled(adapter().save(tmp_path / "b.GGUF"))
    found = WatchedModels(tmp_path).new_files([])
    assert [(one.name, one.kind) for one in found] == [
        ("Tiny", ModelKind.CHAT),
        ("Tiny style", ModelKind.ADAPTER),
    ]
    assert found[0].size_bytes == (tmp_path / "a.gguf").stat().st_size


def test_a_file_that_was_just_written_must_look_the_same_twice(tmp_path: Path) -> None:
    watched, path = WatchedModels(tmp_path), tmp_path / "a.gguf"
    whole = tiny_model().written()
    path.write_bytes(whole)
    assert watched.new_files([]) == []
    path.write_bytes(whole)  # still being written: its time has changed
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000))
    assert watched.new_files([]) == []
    assert names(watched.new_files([])) == ["a.gguf"]


def test_a_half_copied_file_is_never_offered(tmp_path: Path) -> None:
    watched, path = WatchedModels(tmp_path), tmp_path / "a.gguf"
    whole = tiny_model().written()
    for half in (b"", whole[:10], whole[: len(whole) // 2], whole[:-100]):
        path.write_bytes(half)
        settled(path)
        assert watched.new_files([]) == []
        assert watched.new_files([]) == []
    # Some programs give a copy its whole length before its content.
    path.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))
    settled(path)
    assert watched.new_files([]) == []
    path.write_bytes(whole)
    settled(path)
    os.utime(path, (LONG_AGO + 1, LONG_AGO + 1))
    assert names(watched.new_files([])) == ["a.gguf"]


def test_a_model_in_several_files_is_offered_once_and_when_all_are_there(tmp_path: Path) -> None:
    watched = WatchedModels(tmp_path)
    parts = [settled(part) for part in split(tiny_model(), tmp_path, 3)]
    last = parts[2].read_bytes()
    parts[2].unlink()
    assert watched.new_files([]) == []
    parts[2].write_bytes(last)
    settled(parts[2])
    (found,) = watched.new_files([])
    assert found.path == str(parts[0])
    assert found.size_bytes == sum(part.stat().st_size for part in parts)


@pytest.mark.parametrize("field", ["origin", "path"])
def test_what_the_register_knows_is_not_offered_again(field: str, tmp_path: Path) -> None:
    path = settled(tiny_model().save(tmp_path / "a.gguf"))
    known = replace(included_chat_model(), **{field: str(path)})  # type: ignore[arg-type]
    assert WatchedModels(tmp_path).new_files([known]) == []


def test_a_file_that_is_left_is_offered_again_once_it_changes(tmp_path: Path) -> None:
    path, watched = settled(tiny_model().save(tmp_path / "a.gguf")), WatchedModels(tmp_path)
    (found,) = watched.new_files([])
    watched.leave(found.path)
    assert watched.new_files([]) == []
    tiny_model().set("general.name", TEXT, "Other").save(path)
    settled(path)
    os.utime(path, (LONG_AGO + 9, LONG_AGO + 9))
    assert [one.name for one in watched.new_files([])] == ["Other"]


def test_what_is_no_model_is_left_alone(tmp_path: Path) -> None:
    for name, content in (("a.gguf", "not yet"), ("b.txt", "notes"), ("c.gguf.part", "x")):
        (tmp_path / name).write_text(content)
        settled(tmp_path / name)
    settled(tiny_model().set("general.type", TEXT, "mmproj").save(tmp_path / "d.gguf"))
    (tmp_path / "e.gguf").mkdir()
    (tmp_path / "f.gguf").symlink_to(tmp_path / "f.gguf")
    assert WatchedModels(tmp_path).new_files([]) == []
    assert WatchedModels(tmp_path / "gone").new_files([]) == []


def test_a_second_look_reads_no_file_again(tmp_path: Path) -> None:
    path, watched = settled(tiny_model().save(tmp_path / "a.gguf")), WatchedModels(tmp_path)
    first = watched.new_files([])
    before = path.stat()
    # Other bytes under the same size and time: only reading the file would show them.
    path.write_bytes(bytes(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watched.new_files([]) == first
