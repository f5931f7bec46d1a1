"""The included chat model in the register, as the program that runs brings it along."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.models import ModelEntry, ModelShape, ModelStatus
from desktop.inference.included_models import (
    CHAT_MODEL_ID,
    chat_model_path,
    included_chat_model,
)
from desktop.storage.model_store import ModelStore


def register_included(models: ModelStore) -> None:
    """Put it into the register, or anew where the file or what is kept of files has changed."""
    known = models.entry(CHAT_MODEL_ID)
    if known is None:
        models.put(included_chat_model())
    elif not _still_holds(known):
        models.put(_as_kept(included_chat_model(), known))


def _still_holds(known: ModelEntry) -> bool:
    # An update or a move of the program puts the file elsewhere; an older version kept less of it.
    whole = known.status is ModelStatus.READY and known.shape != ModelShape()
    return whole and known.path == str(chat_model_path())


def _as_kept(found: ModelEntry, known: ModelEntry) -> ModelEntry:
    """What was found of the file, with what a person said of the model and what was measured."""
    return replace(
        found,
        name=known.name,
        approval=known.approval,
        speed=known.speed,
        tokens_per_second=known.tokens_per_second,
    )
