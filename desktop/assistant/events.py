"""What jobs say while they run; every job ends with exactly one of the four closing bodies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NewType

from desktop.domain.conversations import Message
from desktop.domain.engine import EngineTuning
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry

JobId = NewType("JobId", int)


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """A model is about to be loaded."""

    model_id: str


@dataclass(frozen=True, slots=True)
class ModelLoadProgress:
    """How much of a model is read: `fraction` is 0 to 1."""

    model_id: str
    fraction: float


@dataclass(frozen=True, slots=True)
class EngineFellBack:
    """A model runs without the GPU it was to use; `reason` says why in plain words."""

    model_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineTuned:
    """It was measured how a model runs best on this machine."""

    model_id: str
    tuning: EngineTuning


@dataclass(frozen=True, slots=True)
class ModelReturned:
    """A new model failed for which the old one had to leave the memory; the old one is back."""

    entry: ModelEntry
    failed_id: str


@dataclass(frozen=True, slots=True)
class ComparedEvent:
    """What one of two models says that answer the same question.

    `side` is its place among those asked; both may be the same model with other wording.
    """

    model_id: str
    body: object
    side: int = 0


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """A model is in memory and answers from now on."""

    entry: ModelEntry


@dataclass(frozen=True, slots=True)
class MessageSaved:
    """A message stands in the database."""

    message: Message


@dataclass(frozen=True, slots=True)
class Finished:
    """The job did what it was asked; `result` is its value."""

    result: object


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person stopped the job."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The world did not allow it."""

    error: CarrelError


@dataclass(frozen=True, slots=True)
class Broken:
    """A bug of ours; `report` is the traceback, without user text."""

    report: str


Closing = Finished | Stopped | Failed | Broken


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a job says."""

    job: JobId
    body: object

    @property
    def closing(self) -> bool:
        return isinstance(self.body, Closing)


Post = Callable[[Event], None]
