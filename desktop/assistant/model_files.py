"""Model files: how they come in, are looked over again, and go."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.assistant.embedders import Embedders
from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_register import known
from desktop.assistant.preferences import Preferences
from desktop.assistant.search_models import without_model
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import ModelDamaged, ModelIncluded, ModelTrialFailed
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelStatus


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

    def import_file(self, path: Path, in_place: bool = False) -> JobId:
        """Check, hash, copy and try a model file, or an embedding folder.

        `in_place` uses the file where it lies. `Finished.result` is its `ModelEntry`; a file that
        is refused stays in the register as such, with the reason.
        """
        return self._parts.errands_lane.start(lambda cancel: self._import(path, in_place, cancel))

    def verify(self, model_id: str) -> JobId:
        """Hash the file again; `Finished.result` is the `ModelEntry`, or `ModelDamaged`."""
        return self._parts.errands_lane.start(lambda cancel: self._verify(model_id, cancel))

    def remove(self, model_id: str) -> JobId:
        """Take a model out of the register and delete its copy; included models stay."""
        return self._parts.answers_lane.start(lambda _: self._remove(model_id))

    def _import(
        self, path: Path, in_place: bool, cancel: CancelToken
    ) -> Generator[object, None, object]:
        from desktop.inference.model_import import import_model

        entry: ModelEntry | None = None
        try:
            for step in import_model(path, self._parts.models_folder, cancel):
                if isinstance(step, ModelEntry):
                    entry = step
                yield step
        except (ModelDamaged, ModelTrialFailed) as error:
            self._keep_refused(path, error.reason)
            raise
        assert entry is not None, "import_model() closes with the entry or raises"
        self._keep(entry, path)
        return entry

    def _keep(self, entry: ModelEntry, path: Path) -> None:
        models = self._parts.errands_stores.models
        models.remove(_refused_id(path))
        models.put(entry, change_of(entry, ModelChangeKind.IMPORTED, f"from {entry.origin}"))
        self._parts.embedders.know(models.entries())

    def _keep_refused(self, path: Path, reason: str) -> None:
        entry = _refused(path, reason)
        change = change_of(entry, ModelChangeKind.REFUSED, reason)
        entry = replace(entry, imported_at=change.at, imported_by=change.by)
        self._parts.errands_stores.models.put(entry, change)

    def _verify(self, model_id: str, cancel: CancelToken) -> Generator[object, None, object]:
        from desktop.inference.model_import import verify_model

        entry = known(self._parts.errands_stores.models, model_id)
        if not entry.path:
            raise ModelDamaged(entry.origin, entry.refusal)
        try:
            yield from verify_model(entry, cancel)
        except ModelDamaged as error:
            self._judge(
                model_id, ModelStatus.REFUSED, error.reason, ModelChangeKind.CHANGED_ON_DISK
            )
            raise
        return self._judge(model_id, ModelStatus.READY, "", ModelChangeKind.VERIFIED)

    def _judge(
        self, model_id: str, status: ModelStatus, refusal: str, kind: ModelChangeKind
    ) -> ModelEntry:
        # Read again: it may have been renamed or approved while its file was hashed.
        models = self._parts.errands_stores.models
        judged = replace(known(models, model_id), status=status, refusal=refusal)
        models.put(judged, change_of(judged, kind, refusal))
        return judged

    def _remove(self, model_id: str) -> ModelEntry:
        # On the answers lane, so that a model is never deleted while it answers.
        models = self._parts.answers_stores.models
        entry = known(models, model_id)
        if entry.included:
            raise ModelIncluded(entry.name)
        self._let_go(entry)
        models.remove(model_id, change_of(entry, ModelChangeKind.REMOVED, entry.name))
        self._parts.embedders.know(models.entries())
        if not entry.in_place:
            self._delete(entry)
        return entry

    def _delete(self, entry: ModelEntry) -> None:
        for path in map(Path, (entry.path, *entry.parts)):
            if path.parent == self._parts.models_folder:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True)

    def _let_go(self, entry: ModelEntry) -> None:
        loaded, preferences = self._parts.engine.loaded, self._parts.preferences
        if loaded is not None and loaded.id == entry.id:
            self._parts.engine.unload()
        settings = without_model(preferences.settings(), entry)
        if settings != preferences.settings():
            preferences.change(settings)


def _refused_id(path: Path) -> str:
    # By the whole path: trying the same file again replaces what was said of it.
    return f"refused-{hashlib.sha256(str(path).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _refused(path: Path, reason: str) -> ModelEntry:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return ModelEntry(
        id=_refused_id(path),
        name=path.name,
        path="",
        sha256="",
        size_bytes=size,
        architecture="",
        parameters=0,
        quantization="",
        context_tokens=0,
        licence="",
        origin=str(path),
        included=False,
        imported_at=0.0,
        imported_by="",
        status=ModelStatus.REFUSED,
        refusal=reason,
    )
