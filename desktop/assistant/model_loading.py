"""How a model is loaded: settings, choices and measurements put together, then llama.cpp asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.assistant.events import ModelLoadProgress
from desktop.assistant.model_register import known
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings, EngineTuning, MemoryFit, ModelChoices
from desktop.domain.errors import UnknownModel
from desktop.domain.model_errors import ModelDamaged, ModelDoesNotFit
from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.storage.model_store import ModelStore
from desktop.storage.tuning_store import TuningStore

if TYPE_CHECKING:
    from desktop.inference.chat_model import ChatModel
    from desktop.inference.memory_fit import FreeMemory

_PROGRESS_EVERY_S = 0.1

Progress = Callable[[float], bool]
Adapters = tuple[tuple[str, float], ...]  # path and strength


@dataclass(frozen=True, slots=True)
class Want:
    """Everything that a loading depends on; `settings` are the model's own, or the general ones."""

    entry: ModelEntry
    settings: EngineSettings
    choices: ModelChoices = ModelChoices()
    tuning: EngineTuning | None = None
    adapters: Adapters = ()
    adapter_bytes: int = 0

    def loaded_like(self, other: Want) -> bool:
        """Whether one loading serves both: nothing differs but what can be changed in place."""
        return self._loading() == other._loading()

    def threads(self) -> tuple[int, int]:
        """How many threads write, and how many read."""
        from desktop.inference.engine_numbers import engine_numbers

        numbers = engine_numbers(self.entry, self.settings, self.tuning)
        return numbers.threads, numbers.reading_threads

    def _loading(self) -> tuple[object, ...]:
        from desktop.inference.engine_numbers import engine_numbers

        entry, settings = self.entry, self.settings
        numbers = engine_numbers(entry, settings, self.tuning)
        return (
            (entry.id, entry.path, entry.sha256, entry.size_bytes, entry.parts),
            (settings.context_tokens, settings.gpu_layers, settings.device),
            replace(numbers, threads=0, reading_threads=0, tuned=False),
            self.choices.chat_template,
            self.adapters,
        )


def load_by_llama(want: Want, progress: Progress) -> ChatModel:
    """Load a model through llama.cpp."""
    from desktop.inference.llama_chat_model import LlamaChatModel

    return LlamaChatModel.load(
        want.entry, want.settings, want.choices, want.tuning, progress, want.adapters
    )


def machine_name() -> str:
    """What measurements hold for: this machine, and this build of llama.cpp."""
    from desktop.inference.devices import machine_name as name

    return name()


def free_now(device: str, returned_bytes: int) -> FreeMemory:
    """What of this machine's memory is free, and what another model gives back."""
    from desktop.inference.memory_fit import free_memory

    return free_memory(device, returned_bytes)


def returned_bytes(entry: ModelEntry, plan: EnginePlan) -> int:
    """What becomes free when a model leaves: weights that are mapped from the file count as free
    already, the system drops them when it needs the room."""
    mapped = entry.shape.weights_bytes if plan.memory_map and not plan.gpu_layers else 0
    return max(0, plan.memory.total - mapped)


Load = Callable[[Want, Progress], "ChatModel"]
Free = Callable[[str, int], "FreeMemory"]


@dataclass(frozen=True, slots=True)
class LoaderParts:
    """`say` speaks for the job that runs; `load` and `machine` ask llama.cpp, `free` the system."""

    models: ModelStore
    tunings: TuningStore
    say: Callable[[object], None]
    fallback_id: str
    load: Load = load_by_llama
    machine: Callable[[], str] = machine_name
    free: Free = free_now


class Loader:
    """Finds out what a model is to be loaded with, and loads it; for the answers lane alone."""

    def __init__(self, parts: LoaderParts) -> None:
        self._parts = parts

    def chosen_id(self, model_id: str) -> str:
        return model_id or self._parts.fallback_id

    def machine(self) -> str:
        """The machine that measurements hold for."""
        return self._parts.machine()

    def want(self, model_id: str, settings: EngineSettings) -> Want:
        """What loading this model depends on now; "" is the included one.

        Raises `UnknownModel`, and `ModelDamaged` for one that was refused.
        """
        entry = known(self._parts.models, self.chosen_id(model_id))
        if entry.kind is not ModelKind.CHAT:
            raise UnknownModel(entry.id)
        if entry.status is ModelStatus.REFUSED:
            raise ModelDamaged(entry.path or entry.origin, entry.refusal)
        choices = self._parts.models.choices(entry.id)
        adapters = [
            (known(self._parts.models, use.model_id), use.strength) for use in choices.adapters
        ]
        return Want(
            entry=entry,
            settings=choices.engine or settings,
            choices=choices,
            tuning=self.tuning(entry),
            adapters=tuple((adapter.path, strength) for adapter, strength in adapters),
            adapter_bytes=sum(adapter.size_bytes for adapter, _ in adapters),
        )

    def tuning(self, entry: ModelEntry) -> EngineTuning | None:
        """What was measured for this file on this machine."""
        return self._parts.tunings.tuning(entry.sha256, self._parts.machine())

    def fit(self, want: Want, returned_bytes: int = 0) -> MemoryFit:
        """Whether it fits now, `returned_bytes` more being free once another model has gone."""
        from desktop.inference.memory_fit import fit

        free = self._parts.free(want.settings.device, returned_bytes)
        return fit(want.entry, want.settings, free, want.tuning, want.adapter_bytes)

    def refuse_unless_fits(self, want: Want, fit: MemoryFit) -> None:
        """Raises `ModelDoesNotFit` with the numbers and the setting that would help."""
        if not fit.fits:
            remedy = fit.remedy
            raise ModelDoesNotFit(
                want.entry.name,
                fit.needed.total,
                fit.free_bytes,
                remedy.setting if remedy else "",
                remedy.value if remedy else "",
            )

    def load(self, want: Want, cancel: CancelToken) -> ChatModel:
        """Load it, saying how far it is; raises `ModelError` types and `Cancelled`."""
        said = 0.0

        def progress(fraction: float) -> bool:
            nonlocal said
            now = time.monotonic()
            if now - said >= _PROGRESS_EVERY_S or fraction >= 1.0:
                said = now
                self._parts.say(ModelLoadProgress(want.entry.id, fraction))
            return not cancel.cancelled

        return self._parts.load(want, progress)
