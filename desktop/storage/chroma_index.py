"""The vector index in Chroma; imported by the index child alone, where a crash costs little."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class ChromaIndex:
    """Ids and vectors, no text and no names: all of it can be built again from the database.

    Chroma's own exceptions are let through; whoever asks takes them, like a crash, for doubt.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._batch: int = client.get_max_batch_size()
        self._collections: dict[int, Any] = {}

    @staticmethod
    def open(folder: Path) -> ChromaIndex:
        """Open or create the index in `folder`. One process alone may have it open."""
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        return ChromaIndex(chromadb.PersistentClient(path=str(folder), settings=settings))

    def add(
        self, collection_id: int, chunk_ids: Sequence[int], vectors: NDArray[np.float32]
    ) -> None:
        """Add vectors, one row for each id; an id that is there already gets the new vector."""
        collection = self._collection(collection_id)
        names = [str(chunk_id) for chunk_id in chunk_ids]
        for start in range(0, len(names), self._batch):
            part = slice(start, start + self._batch)
            collection.upsert(ids=names[part], embeddings=vectors[part])

    def query(
        self, collection_id: int, vector: NDArray[np.float32], k: int
    ) -> list[tuple[int, float]]:
        """Return the nearest chunk ids with their cosine similarity, best first."""
        collection = self._collection(collection_id)
        wanted = min(k, collection.count())
        if wanted < 1:
            return []
        found = collection.query(query_embeddings=[vector], n_results=wanted, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(name), 1.0 - float(distance)) for name, distance in pairs]

    def count(self, collection_id: int) -> int:
        return int(self._collection(collection_id).count())

    def remove(self, collection_id: int, chunk_ids: Sequence[int]) -> None:
        """Take ids out of the answers. Their bytes stay until the index is built anew."""
        collection = self._collection(collection_id)
        names = [str(chunk_id) for chunk_id in chunk_ids]
        for start in range(0, len(names), self._batch):
            collection.delete(ids=names[start : start + self._batch])

    def drop(self, collection_id: int) -> None:
        """Remove a whole collection; nothing happens where it has none."""
        self._collection(collection_id)
        self._client.delete_collection(_name(collection_id))
        del self._collections[collection_id]

    def close(self) -> None:
        """Let go of the folder, so that it may be set aside."""
        self._collections.clear()
        self._client.close()

    def _collection(self, collection_id: int) -> Any:
        known = self._collections.get(collection_id)
        if known is None:
            known = self._collections[collection_id] = self._client.get_or_create_collection(
                _name(collection_id),
                # None, or the first text that goes in downloads a model.
                embedding_function=None,
                # Looks further than the default 100, so that a whole copy finds what it holds.
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )
        return known


def _name(collection_id: int) -> str:
    return f"collection-{collection_id}"
