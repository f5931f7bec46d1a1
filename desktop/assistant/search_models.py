"""The models that search: what embeds, and what orders the best passages anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.assistant.embedders import Embedders
from desktop.assistant.preferences import Preferences
from desktop.domain.errors import UnknownModel
from desktop.domain.models import EmbedderFacts, ModelEntry
from desktop.domain.settings import Settings

Entries = Callable[[], Sequence[ModelEntry]]


class SearchModels:
    """Chooses among the imported ones; the included embedder stands in where none is chosen."""

    def __init__(
        self, preferences: Preferences, embedders: Embedders, imported: Entries, rerankers: Entries
    ) -> None:
        self._preferences = preferences
        self._embedders = embedders
        self._imported = imported
        self._rerankers = rerankers

    def embedder(self) -> EmbedderFacts:
        """The model that embeds what is read from now on, and how exactly."""
        return self._embedders.facts()

    def use_embedder(self, model_id: str) -> EmbedderFacts:
        """Embed with this model from now on; "" is the included one.

        What was read before is searched as before, until `library.reembed` has turned it over.
        Raises `UnknownModel`.
        """
        if model_id:
            _one_of(self._imported(), model_id)
        self._change(embedder_id=model_id)
        return self.embedder()

    def reranker(self) -> ModelEntry | None:
        """The model that orders the best passages anew; None where none does."""
        folder = self._preferences.settings().documents.reranker_folder
        chosen = (entry for entry in self._rerankers() if folder and entry.path == folder)
        return next(chosen, None)

    def use_reranker(self, model_id: str) -> None:
        """Order the best passages with this model; "" with none. Raises `UnknownModel`."""
        folder = _one_of(self._rerankers(), model_id).path if model_id else ""
        self._change(reranker_folder=folder)

    def _change(self, **changes: str) -> None:
        settings = self._preferences.settings()
        documents = replace(settings.documents, **changes)  # type: ignore[arg-type]
        self._preferences.change(replace(settings, documents=documents))


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
