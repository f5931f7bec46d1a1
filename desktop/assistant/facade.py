"""All that a face may ask, in one value; every call returns at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.assistant.answers import Answers
from desktop.assistant.chats import Chats
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Jobs
from desktop.assistant.library import Library
from desktop.assistant.machine import Machine
from desktop.assistant.models import Models
from desktop.assistant.preferences import Preferences


@dataclass(frozen=True)
class Assistant:
    """The doors by subject; `closing` ends what stands behind them, in order."""

    chats: Chats
    answers: Answers
    library: Library
    models: Models
    preferences: Preferences
    machine: Machine
    jobs: Jobs
    closing: Callable[[], None]

    def cancel(self, job: JobId) -> None:
        """Ask a job to stop; it says `Stopped` or `Finished` soon after."""
        self.jobs.cancel(job)

    def close(self) -> None:
        """Stop every job, wait for the lanes, end the children, close the database."""
        self.jobs.cancel_all()
        self.closing()
