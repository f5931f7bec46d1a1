"""The model that answers: chosen, loaded, switched and let go, on the answers lane."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.measuring import Measuring
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_register import as_found
from desktop.assistant.preferences import Preferences
from desktop.assistant.stores import Stores
from desktop.assistant.tunings import Tunings
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineTuning
from desktop.domain.models import ModelChangeKind, ModelEntry

# Long enough that a question that follows the last one finds the model free.
_TUNE_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class RunningModelsParts:
    """`reads` serves the face's own thread, the other stores the answers lane.

    `quiet` says whether nothing else computes: what is measured beside it would be wrong.
    """

    reads: Stores
    lane: Lane
    stores: Stores
    engine: Engine
    measuring: Measuring
    preferences: Preferences
    included_id: str
    quiet: Callable[[], bool]


class RunningModels:
    """What answers now and next; a change of models waits for the answer that is written."""

    def __init__(self, parts: RunningModelsParts) -> None:
        self._parts = parts

    def chosen(self) -> ModelEntry | None:
        """The model that answers the next question, in memory or not yet."""
        wanted = self._parts.preferences.settings().model_id or self._parts.included_id
        entry = self._parts.reads.models.entry(wanted)
        return as_found(entry) if entry is not None else None

    def current(self) -> ModelEntry | None:
        """The model in memory."""
        return self._parts.engine.loaded

    def plan(self) -> EnginePlan | None:
        """How the model in memory is run."""
        return self._parts.engine.plan

    def tuning(self, model_id: str) -> EngineTuning | None:
        """How the model runs best on this machine, once that was measured."""
        entry = self._parts.reads.models.entry(model_id)
        return Tunings(self._parts.reads.tunings).of(entry) if entry is not None else None

    def warm(self) -> JobId:
        """Load the chosen model, so that the first answer need not wait for it."""
        return self._parts.lane.start(self._load_chosen)

    def use(self, model_id: str) -> JobId:
        """Load a model and choose it for the answers to come; the old one stays if it fails.

        Where both do not fit into memory at once the old one goes first, and comes back if the
        new one fails. `Finished.result` is the `ModelEntry`.
        """
        return self._parts.lane.start(lambda cancel: self._use(model_id, cancel))

    def unload(self) -> JobId:
        """Give the memory back; the next question loads again."""
        return self._parts.lane.start(lambda _: self._parts.engine.unload())

    def tend(self) -> JobId | None:
        """Do what is to be done while nobody asks: measure how the model in memory runs best, and
        let it go when nobody used it for as long as the settings say.

        Cheap enough for every few seconds; None where there is nothing to do. Any question stops
        it and goes first.
        """
        lane, engine = self._parts.lane, self._parts.engine
        if not lane.idle:
            return None
        idle_s = self._let_go_after_s()
        if idle_s and engine.idle_for(idle_s):
            return lane.start(lambda _: engine.unload(), gives_way=True)
        measurable = engine.idle_for(_TUNE_AFTER_S) and self._parts.quiet()
        if measurable and self._parts.measuring.untuned():
            return lane.start(self._parts.measuring.tune_loaded, gives_way=True)
        return None

    def tune(self, model_id: str) -> JobId:
        """Measure anew how a model runs best here; `Finished.result` is the `EngineTuning`."""
        return self._parts.lane.start(lambda cancel: self._parts.measuring.tune(model_id, cancel))

    def bench(self, model_id: str) -> JobId:
        """Measure a model's speed here and keep it in the register.

        Says `SpeedProgress`; `Finished.result` is the `ModelSpeed`. What is in memory leaves it
        for the while.
        """
        return self._parts.lane.start(lambda cancel: self._parts.measuring.speed(model_id, cancel))

    def _let_go_after_s(self) -> float:
        loaded = self._parts.engine.loaded
        if loaded is None:
            return 0.0
        own = self._parts.reads.models.choices(loaded.id).engine
        return (own or self._parts.preferences.settings().engine).idle_minutes * 60.0

    def _load_chosen(self, cancel: CancelToken) -> Generator[object, None, object]:
        settings = self._parts.preferences.settings()
        yield from self._parts.engine.ensure(settings.model_id, settings.engine, cancel)
        return self._parts.engine.loaded

    def _use(self, model_id: str, cancel: CancelToken) -> Generator[object, None, object]:
        preferences = self._parts.preferences
        yield from self._parts.engine.ensure(model_id, preferences.settings().engine, cancel)
        loaded = self._parts.engine.loaded
        assert loaded is not None, "ensure() leaves the model loaded or raises"
        if preferences.settings().model_id != model_id:
            preferences.change(replace(preferences.settings(), model_id=model_id))
            self._parts.stores.models.note(change_of(loaded, ModelChangeKind.USED))
        return loaded
