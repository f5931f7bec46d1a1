"""What the pipeline asks of the threads it is lent, and how their work comes back to it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentIndexed, IndexProgress
from desktop.domain.hold import Hold

Value = TypeVar("Value")
Made_co = TypeVar("Made_co", covariant=True)

RunEvent = IndexProgress | DocumentIndexed
# What is to be done with a result, on the pipeline's own thread.
Step = Callable[[], Iterator[RunEvent]]
_SLICE_S = 0.05


class Pending(Protocol[Made_co]):
    """Something that a worker was asked for."""

    def result(self) -> Made_co:
        """Return it, or raise what the work raised."""


class Crew(Protocol):
    """Worker threads that one run borrows, with a queue."""

    def start(self, work: Callable[[], Value], done: Callable[[Pending[Value]], None]) -> None:
        """Let a worker do `work`; `done` is called on its thread when that has ended."""

    def close(self) -> None:
        """Forget what has not begun, and wait for what has."""


OpenCrew = Callable[[str, int], Crew]


class Inbox:
    """Where workers leave the steps that follow from what they have done."""

    def __init__(self) -> None:
        self._steps: queue.SimpleQueue[Step] = queue.SimpleQueue()

    def post(self, step: Step) -> None:
        self._steps.put(step)

    def next(self) -> Step | None:
        """The next step, None when there was none for a moment."""
        try:
            return self._steps.get(timeout=_SLICE_S)
        except queue.Empty:
            return None


class Room:
    """Tells readers to wait: while the run is paused, or has read more than it embeds soon."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._open = threading.Event()
        self._open.set()

    @property
    def open(self) -> bool:
        return self._open.is_set()

    def set(self, is_open: bool) -> None:
        if is_open:
            self._open.set()
        else:
            self._open.clear()

    def wait(self, cancel: CancelToken) -> None:
        """Return when there is room; raises `Cancelled`."""
        while not (self._open.wait(_SLICE_S) and self._hold.wait(_SLICE_S)):
            cancel.raise_if_cancelled()
