"""What each collection's cells hold, and what was removed since; the database's word on it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.storage.database import Database


@dataclass(frozen=True, slots=True)
class VectorSet:
    """The vectors of one embedder in one collection.

    `stamp` names the folder of cells that holds the runs through `through_run`, "" without one.
    Removals up to `forgotten` are in no file and no longer listed.
    """

    collection_id: int
    embedder: str
    stamp: str
    through_run: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class Removal:
    """So many neighbouring chunks that are gone; `id` rises with the order of removing."""

    id: int
    first_chunk_id: int
    length: int


class VectorSets:
    """Turns to new cells in one row, and remembers removals until no file has their bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self) -> list[VectorSet]:
        """Return the sets of all collections that are in sight."""
        rows = self._database.execute(
            "SELECT collection_id, embedder, stamp, through_run, forgotten FROM vector_sets "
            "WHERE collection_id IN (SELECT id FROM collections WHERE NOT removed)"
        )
        return [VectorSet(*row) for row in rows]

    def searched(self, collection_id: int) -> VectorSet | None:
        """Return the set that answers in a collection, None where there are no vectors."""
        rows = self._database.execute(
            "SELECT collection_id, embedder, stamp, through_run, forgotten FROM vector_sets "
            "WHERE collection_id = ? AND searched",
            (collection_id,),
        )
        return VectorSet(*rows[0]) if rows else None

    def last_removal(self) -> int:
        """Return the id of the newest removal there ever was."""
        rows = self._database.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'vector_removals'"
        )
        return int(rows[0][0]) if rows else 0

    def removals_after(self, removal_id: int, collection_id: int, embedder: str) -> list[Removal]:
        """Return what was removed after `removal_id`, oldest first."""
        rows = self._database.execute(
            "SELECT id, first_chunk_id, length FROM vector_removals "
            "WHERE id > ? AND collection_id = ? AND embedder = ? ORDER BY id",
            (removal_id, collection_id, embedder),
        )
        return [Removal(*row) for row in rows]

    def use_cells(
        self, collection_id: int, embedder: str, stamp: str, through_run: int, forgotten: int
    ) -> None:
        """Turn to a folder of cells, in one step; `forgotten` is the last removal it reflects."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE vector_sets SET stamp = ?, through_run = ? "
                "WHERE collection_id = ? AND embedder = ?",
                (stamp, through_run, collection_id, embedder),
            )
            self.forget_removals(collection_id, embedder, forgotten)

    def distrust_cells(self, collection_id: int, embedder: str, stamp: str) -> None:
        """Let no search use this folder again; it is built anew from the vectors."""
        self._database.execute(
            "UPDATE vector_sets SET stamp = '', through_run = 0 "
            "WHERE collection_id = ? AND embedder = ? AND stamp = ?",
            (collection_id, embedder, stamp),
        )

    def forget_removals(self, collection_id: int, embedder: str, through: int) -> None:
        """Strike removals whose vectors are in no file any more."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE vector_sets SET forgotten = max(forgotten, ?) "
                "WHERE collection_id = ? AND embedder = ?",
                (through, collection_id, embedder),
            )
            self._database.execute(
                "DELETE FROM vector_removals WHERE id <= ? AND collection_id = ? AND embedder = ?",
                (through, collection_id, embedder),
            )

    def forget_gone_collections(self) -> None:
        """Strike the removals of collections that are gone; their folders went with them."""
        self._database.execute(
            "DELETE FROM vector_removals WHERE NOT EXISTS (SELECT 1 FROM vector_sets WHERE "
            "vector_sets.collection_id = vector_removals.collection_id "
            "AND vector_sets.embedder = vector_removals.embedder)"
        )
