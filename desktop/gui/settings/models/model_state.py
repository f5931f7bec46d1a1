"""All that a model's card shows, read from the assistant at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.domain.engine import MemoryFit
from desktop.domain.errors import CarrelError
from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.model_words import is_verified

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model of the register; `fit` and `licence` are None where nobody can tell.

    `in_use` is what answers, embeds or orders now; `total_bytes` is the machine's memory.
    """

    entry: ModelEntry
    in_use: bool = False
    verified: bool = False
    fit: MemoryFit | None = None
    licence: LicenceTerms | None = None
    total_bytes: int = 0

    @property
    def usable(self) -> bool:
        fits = self.fit is None or self.fit.fits
        return self.entry.status is ModelStatus.READY and fits

    @property
    def licence_name(self) -> str:
        """What a licence with use limits is called; the free ones go by their short names."""
        return self.licence.name if self.licence is not None and self.limited else ""

    @property
    def limited(self) -> bool:
        return self.licence is not None and self.licence.kind is LicenceKind.LIMITS


def read_state(assistant: Assistant, entry: ModelEntry, total_bytes: int) -> ModelState:
    """The state of one model; arithmetic and one-row reads alone."""
    models = assistant.models
    ready = entry.status is ModelStatus.READY
    fit = None
    if ready and entry.kind is ModelKind.CHAT:
        try:
            fit = models.options.fit(entry.id)
        except CarrelError:
            fit = None  # a file that cannot be judged says why when it is used
    return ModelState(
        entry,
        _in_use(assistant, entry),
        is_verified(models.register.history(entry.id)),
        fit,
        models.register.licence(entry.id) if ready else None,
        total_bytes,
    )


def _in_use(assistant: Assistant, entry: ModelEntry) -> bool:
    models = assistant.models
    if entry.kind is ModelKind.CHAT:
        current = models.running.current()
        return current is not None and current.id == entry.id
    if entry.kind is ModelKind.EMBEDDER:
        return assistant.preferences.settings().documents.embedder_id == entry.id
    if entry.kind is ModelKind.RERANKER:
        reranker = models.searching.reranker()
        return reranker is not None and reranker.id == entry.id
    return any(
        use.model_id == entry.id
        for model in models.register.entries()
        for use in models.options.choices(model.id).adapters
    )
