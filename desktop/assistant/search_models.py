"""The models that search: what embeds, and what orders the best passages anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.assistant.embedders import Embedders
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.preferences import Preferences
from desktop.domain.errors import UnknownModel
from desktop.domain.models import EmbedderFacts, ModelChange, ModelChangeKind, ModelEntry
from desktop.domain.settings import Settings

Note = Callable[[ModelChange], None]


class SearchModels:
    """Chooses among the imported ones; the included embedder stands in where none is chosen."""

    def __init__(
        self, preferences: Preferences, embedders: Embedders, register: ModelRegister, note: Note
    ) -> None:
        self._preferences = preferences
        self._embedders = embedders
        self._register = register
        self._note = note

    def embedder(self) -> EmbedderFacts:
        """The model that embeds what is read from now on, and how exactly."""
        return self._embedders.facts()

    def use_embedder(self, model_id: str) -> EmbedderFacts:
        """Embed with this model from now on; "" is the included one.

        What was read before is searched as before, until `library.reembed` has turned it over.
        Raises `UnknownModel`.
        """
        chosen = _one_of(self._register.embedders(), model_id) if model_id else None
        if self._change(embedder_id=model_id) and chosen is not None:
            self._note(change_of(chosen, ModelChangeKind.USED, "for embedding what is read"))
        return self.embedder()

    def reranker(self) -> ModelEntry | None:
        """The model that orders the best passages anew; None where none does."""
        folder = self._preferences.settings().documents.reranker_folder
        entries = self._register.rerankers()
        chosen = (entry for entry in entries if folder and entry.path == folder)
        return next(chosen, None)

    def use_reranker(self, model_id: str) -> None:
        """Order the best passages with this model; "" with none. Raises `UnknownModel`."""
        chosen = _one_of(self._register.rerankers(), model_id) if model_id else None
        if self._change(reranker_folder=chosen.path if chosen else "") and chosen is not None:
            self._note(change_of(chosen, ModelChangeKind.USED, "for ordering the best passages"))

    def _change(self, **changes: str) -> bool:
        """Whether that is other than before."""
        settings = self._preferences.settings()
        documents = replace(settings.documents, **changes)  # type: ignore[arg-type]
        self._preferences.change(replace(settings, documents=documents))
        return documents != settings.documents


def without_model(settings: Settings, entry: ModelEntry) -> Settings:
    """The settings once a model is gone: whatever named it follows the included one again."""
    documents = settings.documents
    if documents.embedder_id == entry.id:
        documents = replace(documents, embedder_id="")
    if documents.reranker_folder and documents.reranker_folder == entry.path:
        documents = replace(documents, reranker_folder="")
    chosen = "" if settings.model_id == entry.id else settings.model_id
    return replace(settings, model_id=chosen, documents=documents)


def _one_of(entries: Sequence[ModelEntry], model_id: str) -> ModelEntry:
    for entry in entries:
        if entry.id == model_id:
            return entry
    raise UnknownModel(model_id)
