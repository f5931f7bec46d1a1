"""What is measured of a model on this machine, on the answers lane: how it runs best, how fast."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from desktop.assistant.engine import Engine
from desktop.assistant.events import EngineTuned
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_loading import Loader, Want
from desktop.assistant.model_register import amended
from desktop.assistant.preferences import Preferences
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineTuning
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelChangeKind, ModelSpeed


@dataclass(frozen=True, slots=True)
class MeasuringParts:
    """What is measured with; `stores` serve the answers lane."""

    stores: Stores
    engine: Engine
    loader: Loader
    preferences: Preferences


class Measuring:
    """Measures, and keeps what was measured."""

    def __init__(self, parts: MeasuringParts) -> None:
        self._parts = parts
        # Not measured again in this run: by the file's hash.
        self._given_up: set[str] = set()

    def untuned(self) -> bool:
        """Whether the model in memory still runs by rule of thumb; from any thread."""
        plan, entry = self._parts.engine.plan, self._parts.engine.loaded
        if plan is None or entry is None:
            return False
        return not plan.tuned and entry.sha256 not in self._given_up

    def tune_loaded(self, cancel: CancelToken) -> Generator[object, None, EngineTuning | None]:
        """Measure the model in memory, if there still is one; then run it that way."""
        entry = self._parts.engine.loaded
        if entry is None:
            return None
        return (yield from self.tune(entry.id, cancel))

    def tune(self, model_id: str, cancel: CancelToken) -> Generator[object, None, EngineTuning]:
        """Measure a model and keep what was found; raises what loading raises, and `Cancelled`."""
        from desktop.inference.engine_tuning import tune
        from desktop.inference.llama_chat_model import LlamaChatModel

        engine, settings = self._parts.engine, self._parts.preferences.settings().engine
        want = self._parts.loader.want(model_id, settings)
        model = engine.holding(want.entry.id)
        # What is in memory is measured there: a large model would not fit twice.
        loaded = model.engine if isinstance(model, LlamaChatModel) else None
        tuning: EngineTuning | None = None
        try:
            for step in tune(want.entry, want.settings, cancel, loaded):
                yield step
                if isinstance(step, EngineTuning):
                    tuning = step
        except CarrelError:
            self._given_up.add(want.entry.sha256)
            raise
        assert tuning is not None, "tune() closes with the tuning or raises"
        self._parts.stores.tunings.put(want.entry.sha256, tuning)
        told = f"threads: {tuning.threads} for writing, {tuning.reading_threads} for reading"
        self._parts.stores.models.note(change_of(want.entry, ModelChangeKind.MEASURED, told))
        yield EngineTuned(want.entry.id, tuning)
        if engine.holding(want.entry.id) is not None:
            # Now rather than at the next question, which would wait for it.
            yield from engine.ensure(model_id, settings, cancel)
        return tuning

    def speed(self, model_id: str, cancel: CancelToken) -> Generator[object, None, ModelSpeed]:
        """Measure how fast a model is and keep it; raises what loading raises, and `Cancelled`."""
        want = self._parts.loader.want(model_id, self._parts.preferences.settings().engine)
        speed: ModelSpeed | None = None
        for step in self._parts.engine.without_model(self._measured(want, cancel)):
            yield step
            if isinstance(step, ModelSpeed):
                speed = step
        assert speed is not None, "measure_speed() closes with the speed or raises"
        found = speed
        told = f"reads {found.reading_speed:.0f} and writes {found.writing_speed:.0f} tokens/s"
        amended(
            self._parts.stores.models,
            want.entry.id,
            lambda entry: replace(entry, speed=found, tokens_per_second=found.writing_speed),
            lambda entry: change_of(entry, ModelChangeKind.MEASURED, told),
        )
        return found

    def _measured(self, want: Want, cancel: CancelToken) -> Generator[object, None, None]:
        from desktop.inference.model_speed import measure_speed

        loader = self._parts.loader
        yield from measure_speed(lambda: loader.load(want, cancel), loader.machine(), cancel)
