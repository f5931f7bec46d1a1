"""Whether the vector index can be trusted, and which generation of it is in use."""

from __future__ import annotations

from desktop.storage.database import Database


class IndexState:
    """One row, committed before the vector index is touched and cleared after it was checked.

    The vector index is not crash-safe and does not say so; this flag, in a file that is, does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_index_writes(self) -> None:
        """Put the index in doubt; to be called before the first write of a batch."""
        self._database.execute("UPDATE index_state SET dirty = 1 WHERE dirty = 0")

    def end_index_writes(self) -> None:
        """Trust the index again; to be called after its clean stop and check."""
        self._database.execute("UPDATE index_state SET dirty = 0 WHERE dirty = 1")

    def is_dirty(self) -> bool:
        """Tell whether the index was left in the middle of something."""
        [(dirty,)] = self._database.execute("SELECT dirty FROM index_state")
        return bool(dirty)

    def index_generation(self) -> int:
        """Return the number of the index folder in use, from 1."""
        [(generation,)] = self._database.execute("SELECT generation FROM index_state")
        return int(generation)

    def next_generation(self) -> int:
        """Turn to a new, empty index folder, in doubt until it is filled; return its number."""
        [(generation,)] = self._database.execute(
            "UPDATE index_state SET generation = generation + 1, dirty = 1 RETURNING generation"
        )
        return int(generation)
