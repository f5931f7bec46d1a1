"""Model files: how they come in, are looked over again, and go."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.assistant.embedders import Embedders
from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_imports import ModelImports
from desktop.assistant.model_register import amended, known
from desktop.assistant.preferences import Preferences
from desktop.assistant.search_models import without_model
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import ModelIncluded
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelKind, ModelStatus
from desktop.storage.model_store import ModelStore


@dataclass(frozen=True, slots=True)
class ModelFilesParts:
    """What imports and removals work with; stores serve the lane of their name."""

    answers_lane: Lane
    answers_stores: Stores
    errands_lane: Lane
    errands_stores: Stores
    engine: Engine
    preferences: Preferences
    embedders: Embedders
    models_folder: Path


class ModelFiles:
    """Imports, verifies and removes; everything done to a file is a line of its history."""

    def __init__(self, parts: ModelFilesParts) -> None:
        self._parts = parts
        self._imports = ModelImports(
            parts.errands_stores.models, parts.embedders, parts.models_folder
        )

    def import_file(self, path: Path, in_place: bool = False) -> JobId:
        """Check, hash, copy and try a model file, or the folder of an embedder or a reranker.

        `in_place` uses the file where it lies. Says `ImportProgress`; `Finished.result` is the
        `ModelEntry`. A file that is refused stays in the register as such, with the reason.
        """
        return self._parts.errands_lane.start(
            lambda cancel: self._imports.run(path, in_place, cancel)
        )

    def look_for_new(self) -> JobId:
        """Look through the watched folder, and complete what older versions kept of models.

        What is new is imported, where the settings say so, else said as `NewModelFile`;
        `Finished.result` is a tuple of `ModelEntry` and `NewModelFile`.
        """
        return self._parts.errands_lane.start(
            lambda cancel: self._imports.look(self._parts.preferences.settings().models, cancel)
        )

    def verify(self, model_id: str) -> JobId:
        """Hash the files again; `Finished.result` is the `ModelEntry`, or `ModelDamaged`."""
        return self._parts.errands_lane.start(lambda cancel: self._verify(model_id, cancel))

    def remove(self, model_id: str) -> JobId:
        """Take a model out of the register and delete its copy; included models stay.

        What lies elsewhere and was used in place is left there.
        """
        return self._parts.answers_lane.start(lambda _: self._remove(model_id))

    def _verify(self, model_id: str, cancel: CancelToken) -> Generator[object, None, object]:
        from desktop.inference.model_import import verify_model
        from desktop.inference.model_presence import files_of_entry, modified_ns

        entry = known(self._parts.errands_stores.models, model_id)
        if not entry.path:
            raise ModelDamaged(entry.origin, entry.refusal)
        try:
            yield from verify_model(entry, cancel)
        except ModelDamaged as error:
            self._judge(
                model_id, ModelChangeKind.CHANGED_ON_DISK, ModelStatus.REFUSED, error.reason
            )
            raise
        written = modified_ns(files_of_entry(entry)) if entry.in_place else 0
        return self._judge(model_id, ModelChangeKind.VERIFIED, ModelStatus.READY, "", written)

    def _judge(
        self,
        model_id: str,
        kind: ModelChangeKind,
        status: ModelStatus,
        refusal: str,
        modified_ns: int = 0,
    ) -> ModelEntry:
        # As it is now: it may have been renamed or approved while its file was hashed.
        return amended(
            self._parts.errands_stores.models,
            model_id,
            lambda entry: replace(entry, status=status, refusal=refusal, modified_ns=modified_ns),
            lambda entry: change_of(entry, kind, refusal),
        )

    def _remove(self, model_id: str) -> ModelEntry:
        # On the answers lane, so that a model is never deleted while it answers.
        models = self._parts.answers_stores.models
        entry = known(models, model_id)
        if entry.included:
            raise ModelIncluded(entry.name)
        self._let_go(entry)
        models.remove(model_id, change_of(entry, ModelChangeKind.REMOVED, entry.name))
        self._parts.embedders.know(models.entries())
        if entry.kind is ModelKind.ADAPTER:
            _take_off(models, model_id)
        if not entry.in_place:
            self._delete(entry)
        return entry

    def _let_go(self, entry: ModelEntry) -> None:
        engine, preferences = self._parts.engine, self._parts.preferences
        if engine.uses(entry.id):
            engine.unload()
        settings = without_model(preferences.settings(), entry)
        if settings != preferences.settings():
            preferences.change(settings)

    def _delete(self, entry: ModelEntry) -> None:
        for path in map(Path, (entry.path, *entry.parts)):
            if path.parent == self._parts.models_folder:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True)


def _take_off(models: ModelStore, adapter_id: str) -> None:
    """Lay an adapter that is gone over no model any more."""
    for entry in models.entries():
        choices = models.choices(entry.id)
        left = tuple(use for use in choices.adapters if use.model_id != adapter_id)
        if left != choices.adapters:
            change = change_of(entry, ModelChangeKind.CHOICES_CHANGED, "an adapter was removed")
            models.put_choices(entry.id, replace(choices, adapters=left), change)
