"""The gate for model files: check, hash, copy, try in a throwaway process, then register."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DiskFull, ModelDamaged, ModelMissing
from desktop.domain.models import (
    EmbedderPlace,
    ImportProgress,
    ModelEntry,
    ModelFacts,
    ModelKind,
    ModelStatus,
)
from desktop.inference.embedder_import import import_embedding_folder, verify_embedding_folder
from desktop.inference.gguf_header import GgufHeader, check_header, facts_of, is_embedder
from desktop.inference.memory_needed import memory_needed
from desktop.inference.model_hash import hash_file
from desktop.inference.model_trial import Tried, try_embedder, try_model
from desktop.inference.who import current_user

_REGISTER_CONTEXT_TOKENS = 4096
_REGISTER_BATCH_TOKENS = 256
_DISK_FULL_ERRORS = (28, 122)  # ENOSPC, EDQUOT
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def import_model(
    path: Path, models_folder: Path, cancel: CancelToken
) -> Iterator[ImportProgress | ModelEntry]:
    """Yield progress and, last, the entry for the register; a folder is an embedding model.

    Raises `ModelMissing`, `ModelDamaged`, `ModelTrialFailed`, `DiskFull` or `Cancelled`; then
    the models folder is as it was.
    """
    if path.is_dir():
        yield from import_embedding_folder(path, models_folder, cancel)
        return
    if not path.is_file():
        raise ModelMissing(path.name, str(path))
    size = path.stat().st_size
    yield ImportProgress("checking", 0, size)
    header = check_header(path)
    yield ImportProgress("checking", size, size)
    sha256 = yield from _hashed(path, cancel)
    copy = models_folder / _file_name(path, sha256)
    # Under another name until it has passed: a file of the right name is always a tried one.
    partial = copy.with_name(f"{copy.name}.partial")
    try:
        yield from _copied(path, partial, sha256, cancel)
        yield ImportProgress("trying", 0, size)
        tried = _tried(header, partial, size, cancel)
        os.replace(partial, copy)
        _make_durable(models_folder)
    finally:
        partial.unlink(missing_ok=True)
    yield ImportProgress("trying", size, size)
    needed = memory_needed(header, _REGISTER_CONTEXT_TOKENS, _REGISTER_BATCH_TOKENS).total
    yield _entry(path, copy, sha256, facts_of(header), needed, tried)


def _tried(header: GgufHeader, path: Path, size: int, cancel: CancelToken) -> Tried:
    if is_embedder(header):
        # The file keeps its own precision; the trial asks for none.
        return try_embedder(EmbedderPlace(str(path), ""), size, cancel)
    return Tried(try_model(path, size, cancel))


def verify_model(entry: ModelEntry, cancel: CancelToken) -> Iterator[ImportProgress]:
    """Hash the file again; raises `ModelMissing`, or `ModelDamaged` when it is another file."""
    path = Path(entry.path)
    if path.is_dir():
        yield from verify_embedding_folder(entry)
        return
    if not path.is_file():
        raise ModelMissing(entry.name, entry.path)
    sha256 = yield from _hashed(path, cancel)
    if sha256 != entry.sha256:
        raise ModelDamaged(entry.path, "its checksum is not the one it was imported with")


def _hashed(path: Path, cancel: CancelToken) -> Generator[ImportProgress, None, str]:
    try:
        return (yield from hash_file(path, "hashing", cancel))
    except OSError as error:
        raise ModelDamaged(str(path), f"it cannot be read: {error.strerror}") from error


def _copied(
    source: Path, target: Path, sha256: str, cancel: CancelToken
) -> Iterator[ImportProgress]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = yield from _written(source, target, cancel)
    except OSError as error:
        if error.errno in _DISK_FULL_ERRORS:
            raise DiskFull(str(target.parent)) from error
        raise ModelDamaged(str(source), f"it cannot be copied: {error.strerror}") from error
    # What was read for the copy may differ from what was hashed: sticks fail, files change.
    if written != sha256:
        raise ModelDamaged(str(source), "it changed while it was copied")


def _written(
    source: Path, target: Path, cancel: CancelToken
) -> Generator[ImportProgress, None, str]:
    with target.open("wb") as copy:
        sha256 = yield from hash_file(source, "copying", cancel, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return sha256


def _make_durable(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_name(path: Path, sha256: str) -> str:
    stem = _UNSAFE.sub("-", path.name.removesuffix(".gguf")).strip("-.")[:80] or "model"
    return f"{stem}-{sha256[:12]}.gguf"


def _entry(
    source: Path, copy: Path, sha256: str, facts: ModelFacts, needed: int, tried: Tried
) -> ModelEntry:
    return ModelEntry(
        id=copy.name.removesuffix(".gguf"),
        name=facts.name or source.name.removesuffix(".gguf"),
        path=str(copy),
        sha256=sha256,
        size_bytes=copy.stat().st_size,
        architecture=facts.architecture,
        parameters=facts.parameters,
        quantization=facts.quantization,
        context_tokens=facts.context_tokens,
        licence=facts.licence,
        origin=str(source),
        included=False,
        imported_at=time.time(),
        imported_by=current_user(),
        status=ModelStatus.READY,
        memory_bytes=needed,
        tokens_per_second=tried.tokens_per_second,
        kind=ModelKind.EMBEDDER if tried.dimensions else ModelKind.CHAT,
        dimensions=tried.dimensions,
    )
