"""One holder at a time, and none that is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import DataFolderInUse
from desktop.storage.instance_lock import InstanceLock


def test_a_second_taker_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    lock = InstanceLock.take(tmp_path / "data")
    with pytest.raises(DataFolderInUse) as refusal:
        InstanceLock.take(tmp_path / "data")
    assert refusal.value.process_id == os.getpid()
    assert refusal.value.path == str(tmp_path / "data")
    lock.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    lock = InstanceLock.take(tmp_path)
    lock.release()
    lock.release()
    InstanceLock.take(tmp_path).release()


@pytest.mark.parametrize("left", ["", "99999999\n", "not a number", "1" * 1000])
def test_a_file_left_behind_blocks_nobody(tmp_path: Path, left: str) -> None:
    (tmp_path / "carrel.lock").write_text(left)
    lock = InstanceLock.take(tmp_path)
    assert (tmp_path / "carrel.lock").read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_child_does_not_keep_the_lock_of_its_parent(tmp_path: Path) -> None:
    lock = InstanceLock.take(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", "print('started', flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        close_fds=False,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"started"
    lock.release()
    InstanceLock.take(tmp_path).release()
    child.communicate(b"\n")
    assert child.returncode == 0
