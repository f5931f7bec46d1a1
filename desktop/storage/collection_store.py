"""Collections: named sets of documents."""

from __future__ import annotations

import time
from collections.abc import Iterator

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, DocumentStatus
from desktop.domain.errors import InvalidName, UnknownCollection
from desktop.storage.database import Database, Row
from desktop.storage.document_erasing import MOST_AT_ONCE, DocumentErasing
from desktop.storage.keyword_index import KeywordIndex

_LONGEST_NAME = 100

# Few, so that another connection's one-row write does not wait.
_DOCUMENTS_A_STEP = 8
_ATTENTION = (DocumentStatus.FAILED, DocumentStatus.NEEDS_PASSWORD, DocumentStatus.NEEDS_OCR)

_SELECT = f"""
    SELECT collections.id, name, created_at, count(documents.id),
        count(*) FILTER (WHERE status = '{DocumentStatus.READY}'),
        count(*) FILTER (WHERE status IN ({", ".join(f"'{one}'" for one in _ATTENTION)})),
        coalesce(sum(pages), 0), coalesce(sum(chunks), 0),
        (SELECT count(*) FROM folders WHERE folders.collection_id = collections.id),
        (SELECT coalesce(max(checked_at), 0.0) FROM folders
            WHERE folders.collection_id = collections.id)
    FROM collections LEFT JOIN documents ON collection_id = collections.id
"""


class CollectionStore:
    """Makes, names and removes collections; their figures are counted, never kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = KeywordIndex(database)

    def collections(self) -> list[Collection]:
        """Return all of them by name."""
        rows = self._database.execute(
            f"{_SELECT} WHERE removed = 0 GROUP BY collections.id "
            "ORDER BY name COLLATE NOCASE, name"
        )
        return [_collection(row) for row in rows]

    def collection(self, name: str) -> Collection:
        """Raises `UnknownCollection`."""
        found = self._find("name = ?", _cleaned(name))
        if found is None:
            raise UnknownCollection(name)
        return found

    def collection_by_id(self, collection_id: int) -> Collection:
        """Raises `UnknownCollection`, whose name is then the id."""
        found = self._find("collections.id = ?", collection_id)
        if found is None:
            raise UnknownCollection(str(collection_id))
        return found

    def create_collection(self, name: str) -> Collection:
        """Return the collection of this name, made if there was none; raises `InvalidName`."""
        cleaned = _cleaned(name)
        if not cleaned or len(cleaned) > _LONGEST_NAME or not cleaned.isprintable():
            raise InvalidName(name)
        found = self._find("name = ?", cleaned)
        return found or self._create(cleaned)

    def remove_collection(self, collection_id: int) -> None:
        """Remove it with its documents, their text and their vectors; raises `UnknownCollection`.

        It is out of sight at once and deleted in small steps; after a kill `erase_removed` takes
        up the rest. Conversations about it stay and answer from the model only.
        """
        with self._database.transaction():
            self.collection_by_id(collection_id)
            self._database.execute(
                "UPDATE collections SET removed = 1 WHERE id = ?", (collection_id,)
            )
            self._database.execute(
                "UPDATE conversations SET collection_id = NULL WHERE collection_id = ?",
                (collection_id,),
            )
        self._delete_removed(None)

    def erase_removed(self, cancel: CancelToken | None = None) -> None:
        """Take what is left of removed and replaced documents out of the file, in small steps.

        To be called after removals and after an indexing run; it also makes the file smaller.
        What a stop or a kill leaves over is done by the next call. Raises `Cancelled`.
        """
        self._delete_removed(cancel)
        for _ in DocumentErasing(self._database).leftovers():
            if cancel is not None:
                cancel.raise_if_cancelled()
        rows = self._database.execute("SELECT id, unerased FROM collections WHERE unerased > 0")
        for collection_id, unerased in rows:
            first = True
            while self._words.erase_step(collection_id, first):
                first = False
                if cancel is not None:
                    cancel.raise_if_cancelled()
            # Less what was seen, not 0: more may have been removed meanwhile.
            self._database.execute(
                "UPDATE collections SET unerased = unerased - ? WHERE id = ?",
                (unerased, collection_id),
            )
        self.give_back(cancel)

    def give_back(self, cancel: CancelToken | None = None) -> None:
        """Give freed room back to the file system, in small steps. Raises `Cancelled`."""
        while self._database.give_back_step():
            if cancel is not None:
                cancel.raise_if_cancelled()
        self._database.checkpoint()

    def _delete_removed(self, cancel: CancelToken | None) -> None:
        for (collection_id,) in self._database.execute("SELECT id FROM collections WHERE removed"):
            self._words.drop(collection_id)
            for _ in self._large_ones(collection_id):
                if cancel is not None:
                    cancel.raise_if_cancelled()
            while self._delete_some_documents(collection_id):
                if cancel is not None:
                    cancel.raise_if_cancelled()
            self._database.execute("DELETE FROM collections WHERE id = ?", (collection_id,))

    def _large_ones(self, collection_id: int) -> Iterator[None]:
        """Delete what a few documents at a time would hold up everybody else with."""
        erasing = DocumentErasing(self._database)
        for (document_id,) in self._database.execute(
            # One that was being stored says it has no chunks.
            "SELECT id FROM documents WHERE collection_id = ? AND (chunks > ? OR chunks = 0)",
            (collection_id, MOST_AT_ONCE),
        ):
            yield from erasing.document(document_id)

    def _delete_some_documents(self, collection_id: int) -> bool:
        deleted = self._database.execute(
            "DELETE FROM documents WHERE id IN "
            "(SELECT id FROM documents WHERE collection_id = ? LIMIT ?) RETURNING id",
            (collection_id, _DOCUMENTS_A_STEP),
        )
        return bool(deleted)

    def _create(self, name: str) -> Collection:
        with self._database.transaction():
            found = self._find("name = ?", name)  # made by another lane meanwhile
            if found is not None:
                return found
            collection_id = self._database.insert(
                "INSERT INTO collections (name, created_at) VALUES (?, ?)", (name, time.time())
            )
            self._words.create(collection_id)
            return self.collection_by_id(collection_id)

    def _find(self, condition: str, value: object) -> Collection | None:
        rows = self._database.execute(
            f"{_SELECT} WHERE removed = 0 AND {condition} GROUP BY collections.id", (value,)
        )
        return _collection(rows[0]) if rows else None


def _cleaned(name: str) -> str:
    # A name with a lone surrogate reaches the database in no way: it is unknown, or invalid.
    return "" if any("\ud800" <= one <= "\udfff" for one in name) else name.strip()


def _collection(row: Row) -> Collection:
    return Collection(*row)
