"""Folders are walked to their last file, and never round in a circle."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled, FileMissing, FileUnreadable
from desktop.indexing.scanning import FoundFile, Unreachable, scan

AWKWARD = ["a b.txt", 'it\'s "so".txt', "\U0001f4c4.txt", "x" * 251 + ".txt", "new\nline.txt"]


def _scan(*paths: Path, hidden: bool = False) -> list[FoundFile | Unreachable]:
    return scan(paths, hidden, CancelToken())


def _names(found: list[FoundFile | Unreachable]) -> list[str]:
    return [os.path.basename(item.path) for item in found if isinstance(item, FoundFile)]


def _write(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_come_in_a_steady_order_folder_by_folder(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/d.txt", "sub/c.txt", "another/e.txt"):
        _write(tmp_path / name)
    assert _names(_scan(tmp_path)) == ["a.txt", "b.txt", "e.txt", "c.txt", "d.txt"]


def test_size_and_date_are_the_files_own(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", "12345")
    os.utime(path, ns=(5, 7))
    assert _scan(tmp_path) == [FoundFile(str(path), 5, 7, named=False)]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_found(tmp_path: Path, name: str) -> None:
    _write(tmp_path / name)
    assert _names(_scan(tmp_path)) == [name]


@pytest.mark.skipif(sys.platform != "linux", reason="names are not bytes on this system")
def test_a_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
    Path(os.fsdecode(raw)).write_text("words")
    [found] = _scan(tmp_path)
    assert isinstance(found, FoundFile)
    assert os.fsencode(found.path) == raw


def test_a_link_that_leads_back_ends_the_walk(tmp_path: Path) -> None:
    _write(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "back").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    assert _names(_scan(tmp_path)) == ["a.txt"]


def test_a_file_is_found_once_however_many_ways_lead_to_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "sub" / "a.txt")
    (tmp_path / "link.txt").symlink_to(path)
    found = _scan(tmp_path, tmp_path / "sub", path)
    assert len(found) == 1


def test_a_linked_folder_elsewhere_is_walked(tmp_path: Path) -> None:
    _write(tmp_path / "elsewhere" / "a.txt")
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "link").symlink_to(tmp_path / "elsewhere")
    assert _names(_scan(tmp_path / "top")) == ["a.txt"]


def test_hidden_files_and_litter_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden", ".git/config", "Thumbs.db", "~$report.docx", "a.txt"):
        _write(tmp_path / name)
    assert _names(_scan(tmp_path)) == ["a.txt"]
    assert _names(_scan(tmp_path, hidden=True)) == [".hidden", "a.txt", "config"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    [found] = _scan(tmp_path / "gone")
    assert isinstance(found, Unreachable)
    assert isinstance(found.error, FileMissing)
    assert found.path == str(tmp_path / "gone")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to this user"
)
def test_a_folder_without_permission_is_named_and_stops_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "a.txt")
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        found = _scan(tmp_path)
    finally:
        closed.chmod(0o700)
    assert _names(found) == ["a.txt"]
    [unreachable] = [item for item in found if isinstance(item, Unreachable)]
    assert isinstance(unreachable.error, FileUnreadable)
    assert unreachable.path == str(closed)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        assert _scan(tmp_path) == []
        [named] = _scan(tmp_path / "pipe")
    assert isinstance(named, Unreachable)


def test_a_very_deep_folder_is_walked(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(400):
        deep = deep / "d"
    deep.mkdir(parents=True)
    _write(deep / "a.txt")
    assert _names(_scan(tmp_path)) == ["a.txt"]


def test_a_named_file_is_told_from_one_that_was_found(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    assert [item.named for item in _scan(path) if isinstance(item, FoundFile)] == [True]
    assert [item.named for item in _scan(tmp_path) if isinstance(item, FoundFile)] == [False]


def test_the_walk_can_be_stopped(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        scan([tmp_path], False, cancel)
