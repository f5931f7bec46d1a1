"""What was measured best for a model file on a machine; another machine measures again."""

from __future__ import annotations

from desktop.domain.engine import EngineTuning
from desktop.storage.database import Database
from desktop.storage.stored_text import storable_text
from desktop.storage.value_codec import ValueMismatch, decode, encode


class TuningStore:
    """Keeps one tuning for each file, known by its hash, and machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tuning(self, sha256: str, machine: str) -> EngineTuning | None:
        """What was measured; None where nothing was, or not in a way this version reads."""
        rows = self._database.execute(
            "SELECT tuning FROM engine_tunings WHERE sha256 = ? AND machine = ?",
            (sha256, storable_text(machine)),
        )
        try:
            return decode(EngineTuning, rows[0][0]) if rows else None
        except ValueMismatch:  # it is measured again, which costs seconds
            return None

    def latest(self, sha256: str) -> EngineTuning | None:
        """What was measured last, on whatever machine; None where nothing was."""
        rows = self._database.execute(
            "SELECT machine FROM engine_tunings WHERE sha256 = ? ORDER BY rowid DESC LIMIT 1",
            (sha256,),
        )
        return self.tuning(sha256, rows[0][0]) if rows else None

    def put(self, sha256: str, tuning: EngineTuning) -> None:
        """Keep what was measured, in place of what was measured before."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO engine_tunings (sha256, machine, tuning) VALUES (?, ?, ?) "
                "ON CONFLICT (sha256, machine) DO UPDATE SET tuning = excluded.tuning",
                (sha256, storable_text(tuning.machine), encode(tuning)),
            )

    def forget(self, sha256: str) -> None:
        """Measure this file anew, on every machine."""
        with self._database.transaction():
            self._database.execute("DELETE FROM engine_tunings WHERE sha256 = ?", (sha256,))
