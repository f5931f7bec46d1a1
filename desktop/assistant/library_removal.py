"""Taking documents and collections out of the library, as a face sees it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from desktop.assistant.events import JobId
from desktop.assistant.library_embedding import LibraryEmbedding
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document
from desktop.domain.errors import UnknownDocument


class LibraryRemoval(LibraryEmbedding):
    """Removing jobs; the files themselves stay."""

    def remove_document(self, document_id: int) -> JobId:
        return self._parts.indexing_lane.start(
            lambda cancel: self._remove_document(document_id, cancel)
        )

    def remove_documents(self, document_ids: Sequence[int]) -> JobId:
        """Remove many at once, in a fraction of the time that they would take one by one."""
        chosen = tuple(document_ids)
        return self._parts.indexing_lane.start(lambda cancel: self._remove_many(chosen, cancel))

    def remove(self, collection_id: int) -> JobId:
        """Remove a collection with all its documents; the files themselves stay."""
        return self._parts.indexing_lane.start(lambda cancel: self._remove(collection_id, cancel))

    def _remove_document(self, document_id: int, cancel: CancelToken) -> Document:
        from desktop.indexing.folders import leave_out
        from desktop.indexing.removal import remove_document

        store = self._parts.indexing_stores.documents
        # Else the next look through its folder would bring it back.
        leave_out(store, store.document(document_id))
        return remove_document(store, self._parts.index, document_id, cancel)

    def _remove_many(self, document_ids: Sequence[int], cancel: CancelToken) -> None:
        from desktop.indexing.folders import leave_out
        from desktop.indexing.removal import erase_words, remove_documents

        store = self._parts.indexing_stores.documents
        for document_id in document_ids:
            # Some may have gone meanwhile: with the mail that held them, or from their folder.
            with suppress(UnknownDocument):
                leave_out(store, store.document(document_id))
        remove_documents(store, self._parts.index, document_ids, cancel)
        erase_words(store, cancel)

    def _remove(self, collection_id: int, cancel: CancelToken) -> Collection:
        from desktop.indexing.removal import remove_collection

        store = self._parts.indexing_stores.documents
        return remove_collection(store, self._parts.index, collection_id, cancel)
