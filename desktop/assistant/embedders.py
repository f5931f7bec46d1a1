"""Which embedder is in use, and where the one lies that made a collection's vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.domain.model_errors import EmbedderGone
from desktop.domain.models import EmbedderFacts, EmbedderPlace, ModelEntry, ModelKind, ModelStatus
from desktop.domain.settings import DocumentSettings, Settings


class Embedders:
    """The register's embedders, kept in memory: any thread may ask, none of them the database."""

    def __init__(self, settings: Callable[[], Settings], entries: Sequence[ModelEntry]) -> None:
        self._settings = settings
        self._entries: tuple[ModelEntry, ...] = ()
        self.know(entries)

    def know(self, entries: Sequence[ModelEntry]) -> None:
        """Take note of what the register holds now."""
        self._entries = tuple(entry for entry in entries if entry.kind is ModelKind.EMBEDDER)

    def facts(self) -> EmbedderFacts:
        """The embedder in use, as the window and the command line show it."""
        from desktop.inference.included_models import included_embedder

        chosen = self._chosen()
        precision = self.find("").precision
        if chosen is not None:
            return EmbedderFacts(chosen.name, chosen.dimensions, precision)
        included = included_embedder()
        return EmbedderFacts(included.name, included.dimensions, precision)

    def find(self, embedder: str) -> EmbedderPlace:
        """Where the embedder with this identity lies; "" is the one in use.

        Raises `EmbedderGone`.
        """
        from desktop.inference.embedder_loading import FP32, imported_place, included_place
        from desktop.inference.included_models import EMBEDDER_WEIGHTS_SHA256, embedder_folder

        if not embedder:
            chosen, wanted = self._chosen(), self._documents().embedder_precision
            return included_place(wanted) if chosen is None else imported_place(chosen, wanted)
        name, _, rest = embedder.rpartition("@")
        sha256, _, precision = rest.partition(":")
        # Vectors from before precisions were noted are nearly those of the exact model.
        precision = precision or FP32
        if sha256 == EMBEDDER_WEIGHTS_SHA256:
            return EmbedderPlace(str(embedder_folder()), precision)
        for entry in self._entries:
            if entry.sha256 == sha256:
                return EmbedderPlace(entry.path, precision)
        raise EmbedderGone(name)

    def _documents(self) -> DocumentSettings:
        return self._settings().documents

    def _chosen(self) -> ModelEntry | None:
        wanted = self._documents().embedder_id
        for entry in self._entries:
            if entry.id == wanted and entry.status is ModelStatus.READY:
                return entry
        return None
