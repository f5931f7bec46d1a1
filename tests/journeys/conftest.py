"""One assistant with the real models over one data folder, shared by the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.app import build_assistant
from desktop.assistant.facade import Assistant
from desktop.assistant.waiting import EventQueue
from desktop.domain.documents import Collection, IndexReport
from desktop.domain.machine import LockState, NetworkLock

SAMPLES = "Sample collection"
UNLOCKED = NetworkLock(LockState.OPEN, "the tests' own process")


@dataclass(frozen=True)
class Desk:
    """The assistant, its events, and the sample collection as it was indexed."""

    assistant: Assistant
    events: EventQueue
    report: IndexReport

    @property
    def samples(self) -> Collection:
        return self.assistant.library.collection(SAMPLES)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The included models loaded and the sample collection indexed, once for all journeys."""
    events = EventQueue()
    assistant = build_assistant(tmp_path_factory.mktemp("desk") / "data", events.post, UNLOCKED)
    try:
        folder: Path = assistant.library.sample_folder()
        report = events.result(assistant.library.index([folder], SAMPLES))
        assert isinstance(report, IndexReport)
        yield Desk(assistant, events, report)
    finally:
        assistant.close()
