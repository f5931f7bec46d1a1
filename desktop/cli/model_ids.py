"""The models that commands name."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.assistant.models import Models
from desktop.domain.errors import UnknownModel
from desktop.domain.models import ModelEntry

ModelId = Annotated[str, typer.Argument(metavar="ID")]


def all_entries(models: Models) -> list[ModelEntry]:
    """Return every model in the register: chat models, embedders, rerankers, adapters."""
    register = models.register
    return [
        *register.entries(),
        *register.embedders(),
        *register.rerankers(),
        *register.adapters(),
    ]


def known(models: Models, model_id: str) -> ModelEntry:
    """Return the model with this id; raises `UnknownModel`."""
    entry = models.register.entry(model_id)
    if entry is None:
        raise UnknownModel(model_id)
    return entry
