"""Which embedder's vectors are searched in a collection, and which others it has."""

from __future__ import annotations

from desktop.storage.database import Database


class SearchedEmbedder:
    """One embedder is searched; others' vectors stand beside its own until it is their turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def embedder(self, collection_id: int) -> str:
        """Return the name of the embedder that is searched, "" in an empty collection."""
        found = self._database.execute(
            "SELECT embedder FROM vector_sets WHERE collection_id = ? AND searched",
            (collection_id,),
        )
        return str(found[0][0]) if found else ""

    def embedders(self, collection_id: int) -> list[str]:
        """Return the names of all embedders that have vectors here, the searched one first."""
        rows = self._database.execute(
            "SELECT embedder FROM vector_sets WHERE collection_id = ? "
            "ORDER BY searched DESC, embedder",
            (collection_id,),
        )
        return [str(row[0]) for row in rows]

    def search_with(self, collection_id: int, embedder: str) -> None:
        """From now on, search this embedder's vectors."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE vector_sets SET searched = 0 WHERE collection_id = ? AND searched",
                (collection_id,),
            )
            self._database.execute(
                "INSERT INTO vector_sets (collection_id, embedder, searched) VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET searched = 1",
                (collection_id, embedder),
            )
