"""Turning collections to another embedder, as a face sees it."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from desktop.assistant.events import JobId
from desktop.assistant.library_checks import LibraryChecks
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection


class LibraryEmbedding(LibraryChecks):
    """Embedding jobs. What a job works with is imported by the job, on its lane."""

    def reembed(self, collection_name: str = "") -> JobId:
        """Embed a collection, or all, with the embedder in use; it stays searchable meanwhile.

        `EmbeddingProgress` comes on the way; `Finished.result` lists the collections. A stopped
        job is taken up by the next one.
        """
        return self._parts.indexing_lane.start(
            lambda cancel: self._reembed(collection_name, cancel)
        )

    def _reembed(
        self, name: str, cancel: CancelToken
    ) -> Generator[object, None, Sequence[Collection]]:
        from desktop.indexing.reembedding import embed_anew

        self._parts.index.choose()
        documents = self._parts.indexing_stores.documents
        chosen = [documents.collection(name)] if name else documents.collections()
        for collection in chosen:
            yield from embed_anew(collection, documents, self._parts.index, cancel)
        return chosen
