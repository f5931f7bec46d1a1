"""The gate for embedding folders: check, hash, copy, try in a throwaway process."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DiskFull, ModelDamaged, ModelMissing
from desktop.domain.models import (
    EmbedderPlace,
    ImportProgress,
    ModelEntry,
    ModelKind,
    ModelStatus,
)
from desktop.inference.embedder_loading import FP32
from desktop.inference.embedding_folder import (
    EmbeddingFolder,
    check_embedding_folder,
    folder_sha256,
)
from desktop.inference.model_trial import try_embedder
from desktop.inference.who import current_user

_BLOCK_BYTES = 4 << 20
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def import_embedding_folder(
    folder: Path, models_folder: Path, cancel: CancelToken
) -> Iterator[ImportProgress | ModelEntry]:
    """Yield progress and, last, the entry for the register.

    Only what was checked is copied. Raises `ModelMissing`, `ModelDamaged`, `ModelTrialFailed`,
    `DiskFull` or `Cancelled`; then the models folder is as it was.
    """
    if not folder.is_dir():
        raise ModelMissing(folder.name, str(folder))
    checked = check_embedding_folder(folder)
    size = checked.size_bytes
    yield ImportProgress("checking", size, size)
    partial = models_folder / f"{_safe(folder.name)}.partial"
    try:
        yield from _copied(folder, checked, partial, cancel)
        # Of the copy: what was read for it may differ from what was checked.
        sha256 = folder_sha256(partial, check_embedding_folder(partial).files)
        yield ImportProgress("trying", 0, size)
        tried = try_embedder(EmbedderPlace(str(partial), FP32), size, cancel)
        place = models_folder / f"{_safe(folder.name)}-{sha256[:12]}"
        shutil.rmtree(place, ignore_errors=True)
        os.replace(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    yield ImportProgress("trying", size, size)
    yield ModelEntry(
        id=place.name,
        name=folder.name,
        path=str(place),
        sha256=sha256,
        size_bytes=size,
        architecture=checked.architecture,
        parameters=0,
        quantization="",
        context_tokens=0,
        licence=checked.licence,
        origin=str(folder),
        included=False,
        imported_at=time.time(),
        imported_by=current_user(),
        status=ModelStatus.READY,
        kind=ModelKind.EMBEDDER,
        dimensions=tried.dimensions,
    )


def verify_embedding_folder(entry: ModelEntry) -> Iterator[ImportProgress]:
    """Hash the folder again; raises `ModelMissing`, or `ModelDamaged` when it is another one."""
    folder = Path(entry.path)
    if not folder.is_dir():
        raise ModelMissing(entry.name, entry.path)
    yield ImportProgress("hashing", 0, entry.size_bytes)
    if folder_sha256(folder, check_embedding_folder(folder).files) != entry.sha256:
        raise ModelDamaged(entry.path, "its checksum is not the one it was imported with")
    yield ImportProgress("hashing", entry.size_bytes, entry.size_bytes)


def _copied(
    folder: Path, checked: EmbeddingFolder, target: Path, cancel: CancelToken
) -> Generator[ImportProgress, None, None]:
    done = 0
    shutil.rmtree(target, ignore_errors=True)
    try:
        for name in checked.files:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("rb") as source, (target / name).open("wb") as copy:
                while block := source.read(_BLOCK_BYTES):
                    cancel.raise_if_cancelled()
                    copy.write(block)
                    done += len(block)
                    yield ImportProgress("copying", done, checked.size_bytes)
                copy.flush()
                os.fsync(copy.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(target.parent)) from error
        raise ModelDamaged(str(folder), f"it cannot be copied: {error.strerror}") from error


def _safe(name: str) -> str:
    return _UNSAFE.sub("-", name).strip("-.")[:80] or "embedder"
