"""The only threads: lanes of one worker each, and the crews that one job borrows."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count
from typing import Any, TypeVar

from desktop.assistant.events import (
    Broken,
    Closing,
    Event,
    Failed,
    Finished,
    JobId,
    Post,
    Stopped,
)
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled, CarrelError

# A job either returns its value at once or is a generator whose yields become events.
Work = Callable[[CancelToken], object]
Value = TypeVar("Value")

_log = logging.getLogger(__name__)


class Jobs:
    """Numbers for jobs and the tokens that stop them."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._numbers = count(1)
        self._tokens: dict[JobId, CancelToken] = {}
        self._lock = threading.Lock()

    def open(self) -> tuple[JobId, CancelToken]:
        with self._lock:
            job = JobId(next(self._numbers))
            token = self._tokens[job] = CancelToken()
        return job, token

    def say(self, job: JobId, body: object) -> None:
        self._post(Event(job, body))

    def close(self, job: JobId, body: Closing) -> None:
        with self._lock:
            self._tokens.pop(job, None)
        self._post(Event(job, body))

    def cancel(self, job: JobId) -> None:
        with self._lock:
            token = self._tokens.get(job)
        if token is not None:
            token.cancel()

    def cancel_all(self) -> None:
        with self._lock:
            tokens = list(self._tokens.values())
        for token in tokens:
            token.cancel()


class Lane:
    """One worker for one exclusive resource: order is free and locks are few.

    `crews` lends further workers to the job that runs.
    """

    def __init__(self, name: str, jobs: Jobs) -> None:
        self._jobs = jobs
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._running: JobId | None = None
        # What runs or waits, and whether it gives way.
        self._open: dict[JobId, bool] = {}
        self._lock = threading.Lock()
        self._closed = False
        self.crews = Crews()

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits; from any thread."""
        return not self._open

    def start(self, work: Work, gives_way: bool = False) -> JobId:
        """Queue `work` and return its job at once; its yields become events.

        Work that gives way is stopped as soon as other work is queued. What the last job starts
        while the lane closes is stopped before it begins.
        """
        job, token = self._jobs.open()
        with self._lock:
            in_the_way = [] if gives_way else [each for each, gives in self._open.items() if gives]
            closed = self._closed
            if not closed:
                self._open[job] = gives_way
                self._executor.submit(self._run, job, token, work)
        if closed:
            self._jobs.close(job, Stopped())
        for each in in_the_way:
            self._jobs.cancel(each)
        return job

    def say(self, body: object) -> None:
        """Say something for the job that runs, from within a call of its that cannot yield."""
        assert self._running is not None, "only the job that runs has something to say"
        self._jobs.say(self._running, body)

    def close(self) -> None:
        """Wait for the running job, which has been cancelled, and end the workers."""
        with self._lock:
            self._closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)
        self.crews.close()

    def _run(self, job: JobId, token: CancelToken, work: Work) -> None:
        self._running = job
        closing = self._closing(job, token, work)
        self._running = None
        with self._lock:
            del self._open[job]
        self._jobs.close(job, closing)

    def _closing(self, job: JobId, token: CancelToken, work: Work) -> Closing:
        try:
            token.raise_if_cancelled()
            value = work(token)
            return Finished(self._drain(job, value) if isinstance(value, Generator) else value)
        except Cancelled:
            return Stopped()
        except CarrelError as error:
            return Failed(error)
        except Exception:  # noqa: BLE001 - the one place where a bug becomes an event
            report = traceback.format_exc()
            _log.error("A job broke:\n%s", report)
            return Broken(report)

    def _drain(self, job: JobId, steps: Generator[object, None, object]) -> object:
        while True:
            try:
                body = next(steps)
            except StopIteration as end:
                return end.value
            self._jobs.say(job, body)


class Crew:
    """A few workers that a job borrows; what they are asked for comes back as pending values."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._asked: set[Future[Any]] = set()

    def start(self, work: Callable[[], Value], done: Callable[[Future[Value]], None]) -> None:
        """Queue `work`; `done` gets its value, or its error, on the worker's thread."""
        future = self._executor.submit(work)
        self._asked.add(future)
        future.add_done_callback(done)
        future.add_done_callback(self._asked.discard)

    def close(self) -> None:
        """Forget what has not begun, and wait for what has; the workers stay for the next job."""
        asked = tuple(self._asked)
        for future in asked:
            future.cancel()
        wait(asked)


class Crews:
    """Workers that are kept from job to job.

    On Linux a child process ends with the thread that started it: one that a worker started must
    outlive the job, or the next one would meet it dying.
    """

    def __init__(self) -> None:
        self._executors: dict[tuple[str, int], ThreadPoolExecutor] = {}

    def open(self, name: str, workers: int) -> Crew:
        """Lend the workers of this name; for one job at a time."""
        executor = self._executors.get((name, workers))
        if executor is None:
            executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
            self._executors[name, workers] = executor
        return Crew(executor)

    def close(self) -> None:
        """End all workers."""
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)
