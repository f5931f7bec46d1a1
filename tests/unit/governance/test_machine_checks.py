"""What the doctor finds, on folders and files that are as they should be and are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from desktop.domain.machine import Check, LockState, NetworkLock
from desktop.governance.machine_checks import CheckedMachine, ExpectedFile, check_machine
from desktop.governance.memory import memory_bytes

LOCKED = NetworkLock(LockState.ENFORCED, "seccomp")


def found(machine: CheckedMachine) -> dict[str, Check]:
    return {check.name: check for check in check_machine(machine)}


def test_a_sound_machine_passes_with_its_figures(tmp_path: Path) -> None:
    whole = tmp_path / "model.bin"
    whole.write_bytes(b"weights")
    expected = ExpectedFile("Included model", whole, hashlib.sha256(b"weights").hexdigest())
    checks = found(CheckedMachine(LOCKED, {"Data folder": tmp_path}, [expected]))
    for name in ("Carrel", "Python", "Data folder", "Included model", "Network lock", "numpy"):
        if name in checks:
            assert checks[name].ok, checks[name]
    assert "GB free of" in checks["Memory"].detail
    assert checks["Included model"].detail.endswith("checksum right")


def test_a_changed_file_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    changed = tmp_path / "changed.bin"
    changed.write_bytes(b"other weights")
    expected = [
        ExpectedFile("Changed", changed, hashlib.sha256(b"weights").hexdigest()),
        ExpectedFile("Missing", tmp_path / "missing.bin"),
    ]
    checks = found(CheckedMachine(LOCKED, {"Gone": tmp_path / "gone"}, expected))
    assert not checks["Changed"].ok
    assert "not the file that Carrel came with" in checks["Changed"].detail
    assert not checks["Missing"].ok
    assert not checks["Gone"].ok
    assert str(tmp_path / "gone") in checks["Gone"].detail


def test_a_lock_that_is_only_watched_is_a_finding() -> None:
    watched = NetworkLock(LockState.WATCHED, "seccomp: Function not implemented")
    check = found(CheckedMachine(watched, {}, []))["Network lock"]
    assert not check.ok
    assert check.detail == "watched: seccomp: Function not implemented"


def test_memory_in_use_is_less_than_the_machine_has() -> None:
    used, total = memory_bytes()
    assert 0 < used < total
