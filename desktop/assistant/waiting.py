"""For faces without an event loop: wait for a job's events in the order they come."""

from __future__ import annotations

import queue
from collections.abc import Iterator

from desktop.assistant.events import Broken, Event, Failed, Finished, JobId
from desktop.domain.errors import Cancelled


class JobBroke(Exception):
    """A job met a bug of ours; the text is its report."""


class EventQueue:
    """Takes events from any thread and gives them to one that waits."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def post(self, event: Event) -> None:
        self._events.put(event)

    def bodies(self, job: JobId) -> Iterator[object]:
        """Yield what `job` says up to and including its closing body; other jobs are passed over.

        The wait is cut into slices because a signal (Ctrl C) reaches Python only between them.
        """
        while True:
            try:
                event = self._events.get(timeout=0.2)
            except queue.Empty:
                continue
            if event.job == job:
                yield event.body
                if event.closing:
                    return

    def result(self, job: JobId) -> object:
        """Return the job's value; raises its `CarrelError`, `Cancelled` or `JobBroke`."""
        return result_of(list(self.bodies(job))[-1])


def result_of(closing: object) -> object:
    """The value of a closing body, or its error raised."""
    if isinstance(closing, Finished):
        return closing.result
    if isinstance(closing, Failed):
        raise closing.error
    if isinstance(closing, Broken):
        raise JobBroke(closing.report)
    raise Cancelled
