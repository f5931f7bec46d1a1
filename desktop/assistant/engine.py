"""The chat model in memory; loaded, switched and used on the answers lane alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from desktop.assistant.events import ModelLoaded, ModelLoading
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings
from desktop.domain.errors import UnknownModel
from desktop.domain.models import ModelEntry

if TYPE_CHECKING:
    from desktop.inference.chat_model import ChatModel

    Load = Callable[[ModelEntry, EngineSettings], ChatModel]
Entry = Callable[[str], ModelEntry | None]


class Engine:
    """At most one chat model, and the register entry it came from."""

    def __init__(self, load: Load, entry: Entry, fallback_id: str) -> None:
        self._load = load
        self._entry = entry
        self._fallback_id = fallback_id
        self._model: ChatModel | None = None
        self._loaded: tuple[ModelEntry, EngineSettings] | None = None
        self._used_at = time.monotonic()

    @property
    def loaded(self) -> ModelEntry | None:
        """What is in memory; safe to read from any thread."""
        return self._loaded[0] if self._loaded else None

    @property
    def backend(self) -> str:
        model = self._model
        return model.backend if model is not None else ""

    @property
    def plan(self) -> EnginePlan | None:
        """How the model in memory is run; safe to read from any thread."""
        model = self._model
        plan: EnginePlan | None = getattr(model, "plan", None)
        return plan

    def chosen_id(self, model_id: str) -> str:
        return model_id or self._fallback_id

    def ensure(
        self, model_id: str, settings: EngineSettings, cancel: CancelToken
    ) -> Generator[object, None, ChatModel]:
        """Return the model asked for, loading it if another one or none is in memory.

        The old model stays until the new one is loaded; raises `ModelError` types and
        `UnknownModel`, and then the old one is still there.
        """
        self._used_at = time.monotonic()
        wanted = self.chosen_id(model_id)
        entry = self._entry(wanted)
        if entry is None:
            raise UnknownModel(wanted)
        if self._model is not None and self._loaded == (entry, settings):
            return self._model
        cancel.raise_if_cancelled()
        yield ModelLoading(entry.id)
        model = self._load(entry, settings)
        self.unload()
        self._model, self._loaded = model, (entry, settings)
        self._used_at = time.monotonic()
        yield ModelLoaded(entry)
        return model

    def idle_for(self, seconds: float) -> bool:
        """Whether a model is in memory that nobody asked for as long; from any thread."""
        return self._model is not None and time.monotonic() - self._used_at >= seconds

    def unload_if_idle(self, seconds: float) -> None:
        """Give the memory back if nobody asked in the meantime either."""
        if self.idle_for(seconds):
            self.unload()

    def unload(self) -> None:
        """Give the model's memory back."""
        model, self._model, self._loaded = self._model, None, None
        if model is not None:
            model.close()
