"""What holds for every test: nothing that it started goes on running."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_PATIENCE_S = 3.0


@pytest.fixture(autouse=True, scope="session")
def no_process_is_left_running() -> Iterator[None]:
    """Fail the run that leaves a child process or a thread behind.

    Looked at once, at the very end: fixtures of a wider scope start theirs when first asked.
    """
    before = _threads() | _children()
    yield
    _await_the_end(lambda: (_threads() | _children()) - before)


@pytest.fixture(autouse=True)
def no_thread_is_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a unit test or a test of the window that leaves a thread behind."""
    if {"journeys", "faults", "bench"} & set(request.path.parts):
        yield  # these share an assistant, whose lanes outlive the test that first asked it
        return
    before = _threads()
    yield
    _await_the_end(lambda: _threads() - before)


def _await_the_end(running: Callable[[], set[str]]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while (left := running()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"still running: {', '.join(sorted(left))}"


def _threads() -> set[str]:
    return {
        f"thread {thread.name} {thread.ident}"
        for thread in threading.enumerate()
        # The embedder's library keeps this one for as long as the process lives.
        if thread.name != "tqdm_monitor"
    }


def _children() -> set[str]:
    if sys.platform != "linux":
        return set()
    found = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            children = (task / "children").read_text(encoding="ascii").split()
        except OSError:
            continue  # the thread ended while we looked
        found |= {f"process {child}" for child in children}
    return found
