"""Follows whatever job loads a model now, whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.assistant.events import (
    EngineFellBack,
    Event,
    JobId,
    ModelLoaded,
    ModelLoading,
    ModelLoadProgress,
    ModelReturned,
)

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


@dataclass(frozen=True, slots=True)
class Load:
    """A model on its way into memory; `share` is 0 to 1."""

    job: JobId
    model_id: str
    share: float


class LoadWatch(QObject):
    """At most one model loads at a time: the answers lane has one worker."""

    changed = Signal()
    loaded = Signal(str)  # model id
    fell_back = Signal(str, str)  # model id, why the GPU is not used
    came_back = Signal(object, str)  # ModelEntry that is back, id of the one that failed

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self.load: Load | None = None

    def share_of(self, model_id: str) -> float | None:
        """How far this model is; None while it does not load."""
        load = self.load
        return load.share if load is not None and load.model_id == model_id else None

    def stop(self) -> None:
        if self.load is not None:
            self._assistant.cancel(self.load.job)

    def show_event(self, event: Event) -> None:
        match event.body:
            case ModelLoading(model_id=model_id):
                self._set(Load(event.job, model_id, 0.0))
            case ModelLoadProgress(model_id=model_id, fraction=share):
                self._set(Load(event.job, model_id, share))
            case ModelLoaded(entry=entry):
                self._set(None)
                self.loaded.emit(entry.id)
            case EngineFellBack(model_id=model_id, reason=reason):
                self.fell_back.emit(model_id, reason)
            case ModelReturned(entry=entry, failed_id=failed):
                self._set(None)
                self.came_back.emit(entry, failed)
            case _ if event.closing and self.load is not None and event.job == self.load.job:
                self._set(None)

    def _set(self, load: Load | None) -> None:
        if load != self.load:
            self.load = load
            self.changed.emit()
