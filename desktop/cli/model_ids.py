"""The models that commands name."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.assistant.facade import Assistant
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


def used_ids(assistant: Assistant) -> set[str]:
    """Return the models that answer, embed and order passages from now on."""
    models, documents = assistant.models, assistant.preferences.settings().documents
    chosen, reranker = models.running.chosen(), models.searching.reranker()
    used = {entry.id for entry in (chosen, reranker) if entry is not None}
    return used | ({documents.embedder_id} if documents.embedder_id else set())
