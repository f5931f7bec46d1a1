"""The model register as a face sees it, and the jobs that change what is in memory."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.assistant.embedders import Embedders
from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.preferences import Preferences
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import ModelDamaged, ModelIncluded, UnknownModel
from desktop.domain.models import EmbedderFacts, ModelEntry, ModelKind, ModelStatus


@dataclass(frozen=True, slots=True)
class ModelsParts:
    """`reads` serves the face's own thread, the other stores the lane of their name."""

    reads: Stores
    answers_lane: Lane
    answers_stores: Stores
    errands_lane: Lane
    errands_stores: Stores
    engine: Engine
    preferences: Preferences
    embedders: Embedders
    models_folder: Path


class Models:
    """What can answer, what answers now, and how files come in and go."""

    def __init__(self, parts: ModelsParts) -> None:
        self._parts = parts

    def entries(self) -> list[ModelEntry]:
        """The chat models: included ones first, then in the order of import."""
        return [entry for entry in self._all() if entry.kind is ModelKind.CHAT]

    def embedders(self) -> list[ModelEntry]:
        """The imported embedding models, in the order of import."""
        return [entry for entry in self._all() if entry.kind is ModelKind.EMBEDDER]

    def chosen(self) -> ModelEntry | None:
        """The model that answers the next question, in memory or not yet."""
        wanted = self._parts.engine.chosen_id(self._parts.preferences.settings().model_id)
        return self._parts.reads.models.entry(wanted)

    def current(self) -> ModelEntry | None:
        """The model in memory."""
        return self._parts.engine.loaded

    def embedder(self) -> EmbedderFacts:
        """The model that embeds what is read from now on, and how exactly."""
        return self._parts.embedders.facts()

    def warm(self) -> JobId:
        """Load the chosen model, so that the first answer need not wait for it."""
        return self._parts.answers_lane.start(lambda _: self._load_chosen())

    def use(self, model_id: str) -> JobId:
        """Load a model and choose it for the answers to come; the old one stays if it fails."""
        return self._parts.answers_lane.start(lambda _: self._use(model_id))

    def unload(self) -> JobId:
        return self._parts.answers_lane.start(lambda _: self._parts.engine.unload())

    def use_embedder(self, model_id: str) -> EmbedderFacts:
        """Embed with this model from now on; "" is the included one.

        What was read before is searched as before, until `library.reembed` has turned it over.
        Raises `UnknownModel`.
        """
        if model_id and model_id not in {entry.id for entry in self.embedders()}:
            raise UnknownModel(model_id)
        preferences = self._parts.preferences
        settings = preferences.settings()
        documents = replace(settings.documents, embedder_id=model_id)
        preferences.change(replace(settings, documents=documents))
        return self.embedder()

    def import_file(self, path: Path) -> JobId:
        """Check, hash, copy and try a model file, or an embedding folder.

        `Finished.result` is its `ModelEntry`.
        """
        return self._parts.errands_lane.start(lambda cancel: self._import(path, cancel))

    def verify(self, model_id: str) -> JobId:
        """Hash the file again; `Finished.result` is the `ModelEntry`, or `ModelDamaged`."""
        return self._parts.errands_lane.start(lambda cancel: self._verify(model_id, cancel))

    def remove(self, model_id: str) -> JobId:
        """Take a model out of the register and delete its copy; included models stay."""
        return self._parts.answers_lane.start(lambda _: self._remove(model_id))

    def _all(self) -> list[ModelEntry]:
        return [_as_found(entry) for entry in self._parts.reads.models.entries()]

    def _load_chosen(self) -> Generator[object, None, object]:
        settings = self._parts.preferences.settings()
        yield from self._parts.engine.ensure(settings.model_id, settings.engine)
        return self._parts.engine.loaded

    def _use(self, model_id: str) -> Generator[object, None, object]:
        preferences = self._parts.preferences
        yield from self._parts.engine.ensure(model_id, preferences.settings().engine)
        preferences.change(replace(preferences.settings(), model_id=model_id))
        return self._parts.engine.loaded

    def _import(self, path: Path, cancel: CancelToken) -> Generator[object, None, object]:
        from desktop.inference.model_import import import_model

        entry: ModelEntry | None = None
        for step in import_model(path, self._parts.models_folder, cancel):
            if isinstance(step, ModelEntry):
                entry = step
            yield step
        assert entry is not None, "import_model() closes with the entry or raises"
        models = self._parts.errands_stores.models
        models.put(entry)
        self._parts.embedders.know(models.entries())
        return entry

    def _verify(self, model_id: str, cancel: CancelToken) -> Generator[object, None, object]:
        from desktop.inference.model_import import verify_model

        entry = _known(self._parts.errands_stores, model_id)
        try:
            yield from verify_model(entry, cancel)
        except ModelDamaged as error:
            refused = replace(entry, status=ModelStatus.REFUSED, refusal=error.reason)
            self._parts.errands_stores.models.put(refused)
            raise
        whole = replace(entry, status=ModelStatus.READY, refusal="")
        self._parts.errands_stores.models.put(whole)
        return whole

    def _remove(self, model_id: str) -> ModelEntry:
        # On the answers lane, so that a model is never deleted while it answers.
        entry = _known(self._parts.answers_stores, model_id)
        if entry.included:
            raise ModelIncluded(entry.name)
        self._forget(model_id)
        self._parts.answers_stores.models.remove(model_id)
        self._parts.embedders.know(self._parts.answers_stores.models.entries())
        path = Path(entry.path)
        if path.parent == self._parts.models_folder:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)
        return entry

    def _forget(self, model_id: str) -> None:
        loaded, preferences = self._parts.engine.loaded, self._parts.preferences
        if loaded is not None and loaded.id == model_id:
            self._parts.engine.unload()
        if preferences.settings().model_id == model_id:
            preferences.change(replace(preferences.settings(), model_id=""))
        if preferences.settings().documents.embedder_id == model_id:
            self.use_embedder("")


def _known(stores: Stores, model_id: str) -> ModelEntry:
    entry = stores.models.entry(model_id)
    if entry is None:
        raise UnknownModel(model_id)
    return entry


def _as_found(entry: ModelEntry) -> ModelEntry:
    missing = entry.status is ModelStatus.READY and not Path(entry.path).exists()
    return replace(entry, status=ModelStatus.MISSING) if missing else entry
