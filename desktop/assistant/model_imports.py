"""How files become entries of the register: imported, refused, or only described anew."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.assistant.embedders import Embedders
from desktop.assistant.model_changes import change_of
from desktop.assistant.sentences import sentence_for
from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import (
    AdapterNotForBase,
    ModelDamaged,
    ModelError,
    ModelNeedsNewerEngine,
    ModelPartMissing,
    ModelTrialFailed,
    ModelUseUnknown,
    NotAModel,
)
from desktop.domain.models import (
    ModelChange,
    ModelChangeKind,
    ModelEntry,
    ModelShape,
    ModelStatus,
    NewModelFile,
)
from desktop.domain.settings import ModelSettings
from desktop.storage.model_store import ModelStore

if TYPE_CHECKING:
    from desktop.inference.new_model_files import WatchedModels

# What is said of a file itself. A full disk or a stick that was pulled out says nothing of it.
_VERDICTS = (
    AdapterNotForBase,
    ModelDamaged,
    ModelNeedsNewerEngine,
    ModelPartMissing,
    ModelTrialFailed,
    ModelUseUnknown,
    NotAModel,
)


class ModelImports:
    """Imports one after the other, on the errands lane alone."""

    def __init__(self, models: ModelStore, embedders: Embedders, models_folder: Path) -> None:
        self._models = models
        self._embedders = embedders
        self._models_folder = models_folder
        self._watched: tuple[Path, WatchedModels] | None = None

    def run(
        self, path: Path, in_place: bool, cancel: CancelToken
    ) -> Generator[object, None, ModelEntry]:
        """Import a file and return its entry, the earlier one where the same bytes are known.

        Raises what `import_model` raises; a refused file is in the register then, with why.
        """
        from desktop.inference.model_import import import_model

        entry: ModelEntry | None = None
        known = self._models.entries()
        try:
            for step in import_model(
                path, self._models_folder, cancel, in_place=in_place, known=known
            ):
                if isinstance(step, ModelEntry):
                    entry = step
                yield step
        except _VERDICTS as error:
            self._keep_refused(path, error)
            raise
        assert entry is not None, "import_model() closes with the entry or raises"
        self._models.remove(_refused_id(path))
        if self._watched is not None:
            self._watched[1].leave(str(path))
        if entry not in known:
            change = change_of(entry, ModelChangeKind.IMPORTED, f"from {entry.origin}")
            self._models.put(entry, change)
            self._embedders.know(self._models.entries())
        return entry

    def look(
        self, settings: ModelSettings, cancel: CancelToken
    ) -> Generator[object, None, tuple[NewModelFile | ModelEntry, ...]]:
        """Look through the watched folder; import what is new there, or say that it is there."""
        self._complete_old()
        arrived: list[NewModelFile | ModelEntry] = []
        for new in self._new_files(settings.folder):
            cancel.raise_if_cancelled()
            if not settings.import_new:
                yield new
                arrived.append(new)
                continue
            try:
                arrived.append((yield from self.run(Path(new.path), False, cancel)))
            except ModelError:
                continue  # it stands in the register as refused, or is tried again next time
        return tuple(arrived)

    def _new_files(self, folder: str) -> list[NewModelFile]:
        from desktop.inference.new_model_files import WatchedModels

        if not folder:
            return []
        path = Path(folder)
        if self._watched is None or self._watched[0] != path:
            self._watched = (path, WatchedModels(path))
        return self._watched[1].new_files(self._models.entries())

    def _complete_old(self) -> None:
        """Fill in what earlier versions did not keep: the numbers of a file, the first line of
        its history."""
        from desktop.inference.gguf_check import check_header
        from desktop.inference.model_entry import described

        for entry in self._models.entries():
            if not entry.included and not self._models.history(entry.id):
                self._models.note(_first_line(entry))
            if not needs_describing(entry):
                continue
            try:
                header = check_header(Path(entry.path))
            except ModelError:
                continue  # gone or damaged: loading it, or verifying it, says so
            # As it is in the register now: it may have been renamed or approved meanwhile.
            self._models.amend(entry.id, partial(described, header=header))

    def _keep_refused(self, path: Path, error: ModelError) -> None:
        entry = _refused(path, refusal_words(error))
        change = change_of(entry, ModelChangeKind.REFUSED, entry.refusal)
        entry = replace(entry, imported_at=change.at, imported_by=change.by)
        self._models.put(entry, change)


def _first_line(entry: ModelEntry) -> ModelChange:
    """What its entry says of an import of which nothing was noted."""
    return ModelChange(
        model_id=entry.id,
        at=entry.imported_at,
        by=entry.imported_by,
        kind=ModelChangeKind.IMPORTED,
        detail=f"from {entry.origin}",
        sha256=entry.sha256,
    )


def refusal_words(error: ModelError) -> str:
    """Why a file was refused and what to do, without its name."""
    sentence = sentence_for(error)
    reason = getattr(error, "reason", "")
    return f"{reason}. {sentence.next}" if reason else f"{sentence.happened} {sentence.next}"


def needs_describing(entry: ModelEntry) -> bool:
    """Whether the entry of a GGUF file is from before its header's numbers were kept."""
    ready = entry.status is ModelStatus.READY and entry.path.endswith(".gguf")
    return ready and entry.shape == ModelShape()


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
        size_bytes=size,
        origin=str(path),
        status=ModelStatus.REFUSED,
        refusal=reason,
    )
