"""What is known of one model, put together: its entry, its history, how it is run here."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.engine import EngineTuning, ModelChoices
from desktop.domain.models import ModelChange, ModelEntry


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """One model with all that is kept of it; `history` is newest first."""

    entry: ModelEntry
    history: tuple[ModelChange, ...] = ()
    choices: ModelChoices = ModelChoices()
    tuning: EngineTuning | None = None
