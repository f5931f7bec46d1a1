"""Whether a chunk is found by its own words."""

from __future__ import annotations

from desktop.domain.documents import Chunk
from desktop.storage.chunk_store import ChunkStore
from desktop.storage.database import Database

_WORDS = 3


class SelfSearch:
    """Looks into the keyword index itself, past all ranking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def longest_chunk(self, document_id: int) -> Chunk | None:
        """Return the chunk with most to go by; None where the document has none."""
        rows = self._database.execute(
            "SELECT id FROM chunks WHERE document_id = ? ORDER BY length(text) DESC LIMIT 1",
            (document_id,),
        )
        found = ChunkStore(self._database).chunks(row[0] for row in rows)
        return next(iter(found.values()), None)

    def finds_its_words(self, collection_id: int, chunk_id: int) -> bool:
        """Tell whether the chunk's longest words lead to it."""
        table = f"words_{int(collection_id)}"
        rows = self._database.execute(f"SELECT text FROM {table} WHERE rowid = ?", (chunk_id,))
        if not rows:
            return False
        words = sorted(set((rows[0][0] or "").split()), key=lambda word: (-len(word), word))
        if not words:
            # Nothing in it is a word of any kind: then its vector alone finds it.
            return True
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in words[:_WORDS])
        return bool(
            self._database.execute(
                f"SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?",
                (f"text : ({match})", chunk_id),
            )
        )
