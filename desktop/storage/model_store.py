"""The model register: which model files there are, what was chosen for each, what happened."""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain.engine import ModelChoices
from desktop.domain.models import ModelChange, ModelEntry
from desktop.storage.database import Database
from desktop.storage.stored_text import storable_text
from desktop.storage.value_codec import decode, encode


class ModelStore:
    """Keeps entries, choices and history; the files themselves are the business of `inference`.

    Where a change is given along, it is noted in the same transaction: nothing changes unnoted.
    """

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

    def put(self, entry: ModelEntry, change: ModelChange | None = None) -> None:
        """Add an entry, or replace the one with its id."""
        with self._database.transaction():
            self._put(entry)
            self._note(change)

    def amend(
        self,
        model_id: str,
        edit: Callable[[ModelEntry], ModelEntry],
        change: Callable[[ModelEntry], ModelChange] | None = None,
    ) -> ModelEntry | None:
        """Replace an entry by what `edit` makes of it, and return that; None where there is none.

        Nobody else can write between the reading and the writing, so that a name given while the
        file was hashed is kept. `change` makes the line of history from the entry as it was.
        """
        with self._database.transaction():
            before = self.entry(model_id)
            if before is None:
                return None
            after = edit(before)
            self._put(after)
            self._note(change(before) if change is not None else None)
        return after

    def remove(self, model_id: str, change: ModelChange | None = None) -> None:
        """Forget an entry and its choices, nothing where there is none; its history stays."""
        key = (storable_text(model_id),)
        with self._database.transaction():
            self._database.execute("DELETE FROM models WHERE id = ?", key)
            self._database.execute("DELETE FROM model_choices WHERE model_id = ?", key)
            self._note(change)

    def choices(self, model_id: str) -> ModelChoices:
        """Return what a person chose for a model, nothing of its own where nobody has."""
        rows = self._database.execute(
            "SELECT choices FROM model_choices WHERE model_id = ?", (storable_text(model_id),)
        )
        return decode(ModelChoices, rows[0][0]) if rows else ModelChoices()

    def put_choices(
        self, model_id: str, choices: ModelChoices, change: ModelChange | None = None
    ) -> None:
        """Keep choices; `ModelChoices()` forgets them."""
        key = storable_text(model_id)
        with self._database.transaction():
            self._database.execute("DELETE FROM model_choices WHERE model_id = ?", (key,))
            if choices != ModelChoices():
                self._database.execute(
                    "INSERT INTO model_choices (model_id, choices) VALUES (?, ?)",
                    (key, encode(choices)),
                )
            self._note(change)

    def note(self, change: ModelChange) -> None:
        """Add a line to a model's history; no line is ever changed or taken out."""
        with self._database.transaction():
            self._note(change)

    def history(self, model_id: str = "") -> list[ModelChange]:
        """Return what happened to a model, newest first, also after its removal; "" means all."""
        # By number and not by time: a clock that was set back does not turn history around.
        rows = self._database.execute(
            "SELECT change FROM model_changes WHERE ?1 = '' OR model_id = ?1 ORDER BY id DESC",
            (storable_text(model_id),),
        )
        return [decode(ModelChange, row[0]) for row in rows]

    def _put(self, entry: ModelEntry) -> None:
        self._database.execute(
            "INSERT INTO models (id, imported_at, entry) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET imported_at = excluded.imported_at, "
            "entry = excluded.entry",
            (storable_text(entry.id), entry.imported_at, encode(entry)),
        )

    def _note(self, change: ModelChange | None) -> None:
        if change is not None:
            self._database.execute(
                "INSERT INTO model_changes (model_id, at, change) VALUES (?, ?, ?)",
                (storable_text(change.model_id), change.at, encode(change)),
            )
