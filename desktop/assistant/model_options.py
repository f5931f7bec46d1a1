"""What a person may choose for one model, and what of it would fit."""

from __future__ import annotations

from desktop.assistant.model_changes import change_of
from desktop.assistant.model_register import known
from desktop.domain.engine import ModelChoices
from desktop.domain.models import ModelChangeKind
from desktop.storage.model_store import ModelStore


class ModelOptions:
    """Choices by model: small reads and writes, in force at the next question."""

    def __init__(self, models: ModelStore) -> None:
        self._models = models

    def choices(self, model_id: str) -> ModelChoices:
        """What was chosen for this model; nothing of its own where nobody has chosen."""
        return self._models.choices(model_id)

    def change_choices(self, model_id: str, choices: ModelChoices) -> None:
        """Keep choices, in force at the next question; raises `UnknownModel`."""
        entry = known(self._models, model_id)
        if choices != self._models.choices(model_id):
            change = change_of(entry, ModelChangeKind.CHOICES_CHANGED)
            self._models.put_choices(model_id, choices, change)

    def template_of(self, model_id: str) -> str:
        """The chat template the model answers with; raises `UnknownModel`."""
        entry = known(self._models, model_id)
        return self._models.choices(model_id).chat_template or entry.chat_template
