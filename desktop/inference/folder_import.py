"""The gate for folders of embedders and rerankers: check, copy, hash, try, then register."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import DiskFull
from desktop.domain.model_errors import ModelDamaged, ModelMissing
from desktop.domain.models import EmbedderPlace, ImportProgress, ModelEntry, ModelKind
from desktop.inference.embedder_loading import FP32
from desktop.inference.embedding_folder import (
    EmbeddingFolder,
    check_embedding_folder,
    folder_sha256,
)
from desktop.inference.model_gate import Import, new_entry, stored_stem
from desktop.inference.model_hash import BLOCK_BYTES, Meter
from desktop.inference.model_trial import TrialProcess, Tried
from desktop.inference.reranker_folder import checked_reranker_folder, is_reranker_folder

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_Check = Callable[[Path], EmbeddingFolder]


def import_folder(request: Import) -> Iterator[ImportProgress | ModelEntry]:
    """Yield progress and, last, the entry; the one that is here already for the same contents.

    Only what was checked is copied. Raises `ModelMissing`, `ModelDamaged`, `ModelTrialFailed`,
    `DiskFull` or `Cancelled`; then the models folder is as it was.
    """
    folder = request.path
    kind, check = _kind_of(folder)
    checked = check(folder)
    size = checked.size_bytes
    yield ImportProgress("checking", size, size)
    sha256 = folder_sha256(folder, checked.files)
    if twin := request.twin(sha256):
        yield twin
        return
    entry = new_entry(request, folder.name, sha256, kind)
    if request.in_place:
        place = folder.resolve()
        tried = yield from _trial(request, place, kind, size)
    else:
        place = request.models_folder / stored_stem(folder.name, sha256)
        tried = yield from _copy_tried(request, checked, place, check, kind)
    yield replace(
        entry,
        path=str(place),
        size_bytes=size,
        architecture=checked.architecture,
        licence=checked.licence,
        trial=tried.result,
        dimensions=tried.dimensions,
    )


def verify_folder(entry: ModelEntry) -> Iterator[ImportProgress]:
    """Hash the folder again; raises `ModelMissing`, or `ModelDamaged` when it is another one."""
    folder = Path(entry.path)
    if not folder.is_dir():
        raise ModelMissing(entry.name, entry.path)
    yield ImportProgress("hashing", 0, entry.size_bytes)
    _, check = _kind_of(folder)
    if folder_sha256(folder, check(folder).files) != entry.sha256:
        raise ModelDamaged(entry.path, "its checksum is not the one it was imported with")
    yield ImportProgress("hashing", entry.size_bytes, entry.size_bytes)


def _kind_of(folder: Path) -> tuple[ModelKind, _Check]:
    if is_reranker_folder(folder):
        return ModelKind.RERANKER, checked_reranker_folder
    return ModelKind.EMBEDDER, check_embedding_folder


def _copy_tried(
    request: Import, checked: EmbeddingFolder, place: Path, check: _Check, kind: ModelKind
) -> Generator[ImportProgress, None, Tried]:
    partial = place.with_name(f"{place.name}.partial")
    try:
        yield from _copied(request, checked, partial)
        # Of the copy: what was read for it may differ from what was checked.
        if not place.name.endswith(folder_sha256(partial, check(partial).files)[:12]):
            raise ModelDamaged(str(request.path), "it changed while it was copied")
        tried = yield from _trial(request, partial, kind, checked.size_bytes)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return tried


def _trial(
    request: Import, place: Path, kind: ModelKind, size: int
) -> Generator[ImportProgress, None, Tried]:
    yield ImportProgress("trying", 0, size)
    with TrialProcess(request.path, size) as trial:
        if kind is ModelKind.RERANKER:
            tried = trial.reranker(place, request.cancel)
        else:
            tried = trial.embedder(EmbedderPlace(str(place), FP32), request.cancel)
    yield ImportProgress("trying", size, size)
    return tried


def _copied(request: Import, checked: EmbeddingFolder, target: Path) -> Iterator[ImportProgress]:
    meter = Meter("copying", checked.size_bytes)
    shutil.rmtree(target, ignore_errors=True)
    try:
        for name in checked.files:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with (request.path / name).open("rb") as source, (target / name).open("wb") as copy:
                while block := source.read(BLOCK_BYTES):
                    request.cancel.raise_if_cancelled()
                    copy.write(block)
                    if said := meter.advance(len(block)):
                        yield said
                copy.flush()
                os.fsync(copy.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(target.parent)) from error
        reason = f"it cannot be copied: {error.strerror}"
        raise ModelDamaged(str(request.path), reason) from error
