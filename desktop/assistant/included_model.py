"""The included chat model in the register, as the program that runs brings it along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop.assistant.model_changes import change_of
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelShape, ModelStatus
from desktop.inference.included_models import (
    CHAT_MODEL_ID,
    CHAT_MODEL_SHA256,
    chat_model_path,
    included_chat_model,
)
from desktop.storage.model_store import ModelStore


def register_included(models: ModelStore) -> None:
    """Put it into the register, or anew where the file or what is kept of files has changed."""
    known = models.entry(CHAT_MODEL_ID)
    if known is None:
        models.put(included_chat_model())
    elif known.sha256 != CHAT_MODEL_SHA256:
        # An approval and a speed are of the bytes that were approved and measured.
        found = replace(included_chat_model(), name=known.name)
        told = "with another version of Carrel; approval and speed were of the file before"
        models.put(found, change_of(found, ModelChangeKind.IMPORTED, told))
    elif not _still_holds(known):
        models.put(_as_kept(included_chat_model(), known))


def _still_holds(known: ModelEntry) -> bool:
    # An update or a move of the program puts the file elsewhere; an older version kept less of it.
    whole = known.status is ModelStatus.READY and known.shape != ModelShape()
    return whole and known.path == str(chat_model_path())


def _as_kept(found: ModelEntry, known: ModelEntry) -> ModelEntry:
    """What was found of the file, with what a person said of the model and what was measured."""
    kept = replace(
        found,
        name=known.name,
        approval=known.approval,
        speed=known.speed,
        tokens_per_second=known.tokens_per_second,
    )
    doubted = known.status is ModelStatus.REFUSED and found.status is ModelStatus.READY
    if doubted and not _is_right(Path(found.path)):
        # The look at a header finds less than the checksum that refused it.
        return replace(kept, status=ModelStatus.REFUSED, refusal=known.refusal)
    return kept


def _is_right(path: Path) -> bool:
    """Whether every byte of the file is as it came; read only after it was refused once."""
    import hashlib

    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == CHAT_MODEL_SHA256
    except OSError:
        return False
