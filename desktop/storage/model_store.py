"""The model register: which model files there are and where they came from."""

from __future__ import annotations

from desktop.domain.models import ModelEntry
from desktop.storage.database import Database
from desktop.storage.stored_text import storable_text
from desktop.storage.value_codec import decode, encode


class ModelStore:
    """Keeps entries; the files themselves are the business of `inference`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self) -> list[ModelEntry]:
        """Return included models first, then the others in the order of their import."""
        rows = self._database.execute("SELECT entry FROM models ORDER BY imported_at, id")
        entries = [decode(ModelEntry, row[0]) for row in rows]
        return sorted(entries, key=lambda entry: not entry.included)

    def entry(self, model_id: str) -> ModelEntry | None:
        rows = self._database.execute(
            "SELECT entry FROM models WHERE id = ?", (storable_text(model_id),)
        )
        return decode(ModelEntry, rows[0][0]) if rows else None

    def put(self, entry: ModelEntry) -> None:
        """Add an entry, or replace the one with its id."""
        self._database.execute(
            "INSERT INTO models (id, imported_at, entry) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET imported_at = excluded.imported_at, "
            "entry = excluded.entry",
            (storable_text(entry.id), entry.imported_at, encode(entry)),
        )

    def remove(self, model_id: str) -> None:
        """Forget an entry; nothing happens where there is none."""
        with self._database.transaction():
            self._database.execute("DELETE FROM models WHERE id = ?", (storable_text(model_id),))
