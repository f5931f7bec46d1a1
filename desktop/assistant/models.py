"""All about models that a face may ask, by subject."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.assistant.model_files import ModelFiles
from desktop.assistant.model_options import ModelOptions
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.running_models import RunningModels
from desktop.assistant.search_models import SearchModels


@dataclass(frozen=True, slots=True)
class Models:
    """What there is, how files come in and go, what answers, how each is run, what searches."""

    register: ModelRegister
    files: ModelFiles
    running: RunningModels
    options: ModelOptions
    searching: SearchModels
