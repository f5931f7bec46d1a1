"""What the fake assistant knows, and how its scripted jobs post their events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from desktop.assistant.events import Event, JobId, Post, Stopped
from desktop.domain.answers import Answer
from desktop.domain.conversations import Conversation, Message
from desktop.domain.documents import Collection, Document, Page, WatchedFolder
from desktop.domain.engine import EngineTuning, ModelChoices
from desktop.domain.errors import DiskFull
from desktop.domain.machine import LockState, NetworkLock
from desktop.domain.models import ModelChange, ModelEntry
from desktop.domain.settings import Settings

NOW = 1_795_255_200.0  # a fixed moment, so that pictures and tests are the same every day


@dataclass
class Desk:
    """Everything the fake knows; tests fill it and look into it."""

    post: Post
    conversations: dict[int, Conversation] = field(default_factory=dict)
    removed: dict[int, Conversation] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    collections: dict[int, Collection] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    pages: dict[tuple[int, int], Page] = field(default_factory=dict)
    folders: dict[int, WatchedFolder] = field(default_factory=dict)
    passwords: dict[int, str] = field(default_factory=dict)  # of documents that need one
    rescanned: list[int] = field(default_factory=list)  # collections, in order
    reembedded: list[str] = field(default_factory=list)  # collections, "" for all
    problems: list[str] = field(default_factory=list)  # what a check of a collection finds
    paused: bool = False
    models: dict[str, ModelEntry] = field(default_factory=dict)
    current: str = ""
    changes: list[ModelChange] = field(default_factory=list)  # of models, oldest first
    choices: dict[str, ModelChoices] = field(default_factory=dict)
    tunings: dict[str, EngineTuning] = field(default_factory=dict)
    reranker: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    window: dict[str, Any] = field(default_factory=dict)
    set_aside: str | None = None  # the settings file that could not be read
    disk_full: bool = False  # every small write raises `DiskFull`
    lock: NetworkLock = NetworkLock(LockState.ENFORCED, "seccomp filter, children included")
    memory_used: int = 312_000_000
    memory_total: int = 25_200_000_000
    now: Callable[[], float] = lambda: NOW
    compared: list[object] = field(default_factory=list)  # model ids and samplers, in order
    hold: bool = False  # leave jobs open after their first events, until `cancel` or `finish`
    open_jobs: dict[JobId, list[object]] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def run(self, bodies: Sequence[object], closing: object, shown_first: int = 1) -> JobId:
        """Post a job's events; with `hold` the rest stay back for `finish`."""
        job = JobId(next(self.numbers))
        steps = [*bodies, closing]
        if self.hold:
            self.open_jobs[job] = steps[shown_first:]
            steps = steps[:shown_first]
        for body in steps:
            self.post(Event(job, body))
        return job

    def finish(self, job: JobId) -> None:
        for body in self.open_jobs.pop(job, []):
            self.post(Event(job, body))

    def write(self) -> None:
        """Stand before every small write."""
        if self.disk_full:
            raise DiskFull("data")

    def cancel(self, job: JobId) -> None:
        if self.open_jobs.pop(job, None) is not None:
            self.post(Event(job, Stopped()))
