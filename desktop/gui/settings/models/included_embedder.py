"""The embedding model that came with Carrel: no row of the register, but a card like the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.domain.models import ModelEntry, ModelKind
from desktop.gui.settings.models.model_state import ModelState

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


def included_embedder_state(assistant: Assistant) -> ModelState:
    """Its id is "", as in the settings."""
    in_use = not assistant.preferences.settings().documents.embedder_id
    name = QCoreApplication.translate("Models", "Included embedding model")
    dimensions = 0
    if in_use:
        facts = assistant.models.searching.embedder()
        name, dimensions = facts.name, facts.dimensions
    entry = ModelEntry(
        id="",
        name=name,
        licence="apache-2.0",
        included=True,
        kind=ModelKind.EMBEDDER,
        dimensions=dimensions,
    )
    return ModelState(entry, in_use=in_use)
