"""What the doctor looks at on this machine: versions, memory, processor, disk, folders, files."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from desktop import __version__
from desktop.domain.machine import Check, LockState, NetworkLock

# Below these the included models and the index have no room to work.
_MEMORY_FREE_LOW_BYTES = 1 << 30
_DISK_FREE_LOW_BYTES = 2 << 30
_OLDEST_PYTHON = (3, 11)
_NEWEST_PYTHON = (3, 13)

_PACKAGES = (
    "llama-cpp-python",
    "sentence-transformers",
    "torch",
    "chromadb",
    "sqlcipher3",
    "pypdf",
    "pypdfium2",
    "PySide6-Essentials",
)


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A file that belongs to Carrel; `sha256` is "" where only presence is asked."""

    name: str
    path: Path
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class CheckedMachine:
    """What the doctor is given to look at."""

    lock: NetworkLock
    folders: Mapping[str, Path]
    expected: Sequence[ExpectedFile]


def check_machine(given: CheckedMachine) -> Iterator[Check]:
    """Yield each finding as soon as it is made."""
    yield Check("Carrel", True, __version__)
    yield _timed("Python", _python)
    for package in _PACKAGES:
        yield _timed(package, partial(_package, package))
    yield _timed("Memory", _memory)
    yield _timed("Processor", _processor)
    for name, folder in given.folders.items():
        yield _timed(name, partial(_writable, folder))
        yield _timed(f"{name}: free space", partial(_free_space, folder))
    for expected in given.expected:
        yield _timed(expected.name, partial(_whole, expected))
    yield Check(
        "Network lock",
        given.lock.state is LockState.ENFORCED,
        f"{given.lock.state.value}: {given.lock.detail}",
    )


Finding = tuple[bool, str]


def _timed(name: str, look: Callable[[], Finding]) -> Check:
    started = time.perf_counter()
    ok, detail = look()
    return Check(name, ok, detail, time.perf_counter() - started)


def _python() -> Finding:
    supported = _OLDEST_PYTHON <= sys.version_info[:2] <= _NEWEST_PYTHON
    return supported, f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _package(name: str) -> Finding:
    try:
        return True, version(name)
    except PackageNotFoundError:
        return False, "not installed"


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    detail = f"{_gb(memory.available)} free of {_gb(memory.total)}"
    return memory.available >= _MEMORY_FREE_LOW_BYTES, detail


def _processor() -> Finding:
    logical = os.cpu_count() or 1
    return True, f"{logical} hardware threads, {platform.processor() or platform.machine()}"


def _writable(folder: Path) -> Finding:
    # Permissions can lie (read-only mounts, full disks), so a file is really written.
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"carrel")
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        return False, f"{folder}: {error.strerror or error}"
    return True, str(folder)


def _free_space(folder: Path) -> Finding:
    try:
        free = psutil.disk_usage(str(folder)).free
    except OSError as error:
        return False, f"{folder}: {error.strerror or error}"
    return free >= _DISK_FREE_LOW_BYTES, f"{_gb(free)} free"


def _whole(expected: ExpectedFile) -> Finding:
    if not expected.path.exists():
        return False, f"{expected.path} is missing"
    if not expected.sha256:
        return True, str(expected.path)
    try:
        with expected.path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
    except OSError as error:
        return False, f"{expected.path}: {error.strerror or error}"
    if digest.hexdigest() != expected.sha256:
        return False, f"{expected.path} is not the file that Carrel came with"
    return True, f"{expected.path}, checksum right"


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 30):.1f} GB"
