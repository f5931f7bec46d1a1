"""An embedder without a model: words hashed into a vector, so that like texts are near."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerDied

_WORD = re.compile(r"\w+")


class FakeEmbedder:
    """Unit vectors of hashed words; texts that share words are near, and nothing else is."""

    name = "hashed-words"
    sha256 = "0" * 64
    dimensions = 64

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts]).astype(np.float32)

    def pieces(self, text: str) -> int:
        return len(_WORD.findall(text))

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimensions, np.float32)
        for word in _WORD.findall(text.lower()):
            digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
            at = int.from_bytes(digest[:2], "big") % self.dimensions
            vector[at] += 1.0 if digest[2] & 1 else -1.0
        size = float(np.linalg.norm(vector))
        if size == 0:
            vector[0] = size = 1.0
        return vector / np.float32(size)


class MemoryVectors:
    """Vectors kept in this process and searched exactly; `broken` makes every call fail."""

    def __init__(self) -> None:
        self.verified: int | None = None
        self.asked = False
        self.broken = False
        self.kept: dict[tuple[int, int], dict[int, NDArray[np.float32]]] = {}

    def add(
        self,
        generation: int,
        collection_id: int,
        ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> None:
        self._rows(generation, collection_id).update(
            (int(one), vector) for one, vector in zip(ids, vectors, strict=True)
        )

    def query(
        self, generation: int, collection_id: int, vectors: NDArray[np.float32], k: int
    ) -> list[list[tuple[int, float]]]:
        rows = self._rows(generation, collection_id)
        return [
            sorted(
                ((one, float(row @ vector)) for one, row in rows.items()),
                key=lambda pair: (-pair[1], pair[0]),
            )[:k]
            for vector in vectors
        ]

    def remove(self, generation: int, collection_id: int, ids: Sequence[int]) -> None:
        rows = self._rows(generation, collection_id)
        for one in ids:
            rows.pop(one, None)

    def count(self, generation: int, collection_id: int) -> int:
        return len(self._rows(generation, collection_id))

    def discard_all_but(self, generation: int | None) -> None:
        self.kept = {key: rows for key, rows in self.kept.items() if key[0] == generation}

    def seal(self) -> None:
        if self.broken:
            raise WorkerDied("index", "signal 11")

    def _rows(self, generation: int, collection_id: int) -> dict[int, NDArray[np.float32]]:
        if self.broken:
            raise WorkerDied("index", "signal 11")
        return self.kept.setdefault((generation, collection_id), {})


class MemoryIndex:
    """An index in this process: the fake embedder and vectors in memory."""

    def __init__(self) -> None:
        self._model = FakeEmbedder()
        self.vectors = MemoryVectors()
        self.embedded: list[str] = []

    @property
    def embedder(self) -> str:
        return f"{self._model.name}@{self._model.sha256}"

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        if cancel is not None:
            cancel.raise_if_cancelled()
        self.embedded.extend(texts)
        return self._model.embed(texts)

    def choose(self) -> None:
        """There is no other one."""

    def embed_question(
        self, question: str, embedder: str, cancel: CancelToken | None = None
    ) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed([question], cancel)[0]
        return vector

    def pieces(self, text: str) -> int:
        return self._model.pieces(text)
