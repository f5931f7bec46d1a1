"""Checking collections and making anew what is derived, as a face sees it."""

from __future__ import annotations

from desktop.assistant.events import JobId
from desktop.assistant.library_reading import LibraryReading, Steps
from desktop.domain.cancel import CancelToken
from desktop.domain.checks import CollectionCheck


class LibraryChecks(LibraryReading):
    """Both take turns with reading: what is checked holds still."""

    def verify(self, name: str) -> JobId:
        """Check a collection, changing nothing; `Finished.result` is a `CollectionCheck`."""
        return self._parts.indexing_lane.start(lambda cancel: self._verify(name, cancel))

    def repair(self, name: str) -> JobId:
        """Make anew what is derived; yields `IndexBuilding`, ends with a `CollectionRepair`."""
        return self._parts.indexing_lane.start(lambda cancel: self._repair(name, cancel))

    def _verify(self, name: str, cancel: CancelToken) -> CollectionCheck:
        from desktop.indexing.checking import verify_collection

        store = self._parts.indexing_stores.documents
        return verify_collection(store, self._parts.index, store.collection(name), cancel)

    def _repair(self, name: str, cancel: CancelToken) -> Steps:
        from desktop.indexing.checking import repair_collection

        store = self._parts.indexing_stores.documents
        return repair_collection(store, self._parts.index, store.collection(name), cancel)
