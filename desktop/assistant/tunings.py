"""What was measured for model files on this machine, for any thread."""

from __future__ import annotations

from desktop.domain.engine import EngineTuning
from desktop.domain.models import ModelEntry
from desktop.storage.tuning_store import TuningStore


class Tunings:
    """Finds a model's tuning; asks llama.cpp for nothing where it has not been loaded."""

    def __init__(self, store: TuningStore) -> None:
        self._store = store

    def of(self, entry: ModelEntry) -> EngineTuning | None:
        """What was measured for this file here; before the engine is loaded, what was measured
        last, which says itself on which machine."""
        from desktop.inference.devices import machine_name
        from desktop.inference.llama_library import library_is_open

        if library_is_open():
            return self._store.tuning(entry.sha256, machine_name())
        return self._store.latest(entry.sha256)
