"""Which collection a chat asks, and which one is the sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.documents import Collection

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_SAMPLE_LIMIT = 40  # a collection with more files is nobody's sample


class ChatCollections:
    """Reads the library's collections when asked; remembers the last choice."""

    def __init__(self, assistant: Assistant) -> None:
        self._library = assistant.library
        self._last: int | None = None

    def all(self) -> list[Collection]:
        return self._library.collections()

    def by_id(self, collection_id: int | None) -> Collection | None:
        return next((each for each in self.all() if each.id == collection_id), None)

    def by_name(self, name: str) -> Collection | None:
        return next((each for each in self.all() if each.name == name), None)

    def remember(self, collection_id: int | None) -> None:
        self._last = collection_id

    def default_id(self) -> int | None:
        """What a new chat asks: the last choice, or the first collection with something in it."""
        found = self.all()
        if any(each.id == self._last for each in found):
            return self._last
        return next((each.id for each in found if each.ready > 0), None)

    def sample(self) -> Collection | None:
        """The collection that holds the sample's files, once they can be asked."""
        folder = self._library.sample_folder()
        for collection in self.all():
            small = collection.ready > 0 and collection.documents <= _SAMPLE_LIMIT
            if small and self._holds(collection, folder):
                return collection
        return None

    def _holds(self, collection: Collection, folder: Path) -> bool:
        documents = self._library.documents(collection.id)
        return any(folder in Path(document.path).parents for document in documents)
