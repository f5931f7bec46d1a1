"""Checking collections and making anew what is derived, as a face sees it."""

from __future__ import annotations

from desktop.assistant.events import JobId
from desktop.assistant.library_reading import LibraryReading, Steps
from desktop.domain.cancel import CancelToken
from desktop.domain.checks import CollectionCheck


class LibraryChecks(LibraryReading):
    """Both take turns with reading: what is checked holds still."""

    def verify(self, collection_id: int) -> JobId:
        """Check a collection, changing nothing; `Finished.result` is a `CollectionCheck`."""
        return self._parts.indexing_lane.start(lambda cancel: self._verify(collection_id, cancel))

    def repair(self, collection_id: int) -> JobId:
        """Make anew what is derived; yields `IndexBuilding`, ends with a `CollectionRepair`."""
        return self._parts.indexing_lane.start(lambda cancel: self._repair(collection_id, cancel))

    def _verify(self, collection_id: int, cancel: CancelToken) -> CollectionCheck:
        from desktop.indexing.checking import verify_collection

        store = self._parts.indexing_stores.documents
        return verify_collection(
            store, self._parts.index, store.collection_by_id(collection_id), cancel
        )

    def _repair(self, collection_id: int, cancel: CancelToken) -> Steps:
        from desktop.indexing.checking import repair_collection

        store = self._parts.indexing_stores.documents
        return repair_collection(
            store, self._parts.index, store.collection_by_id(collection_id), cancel
        )
