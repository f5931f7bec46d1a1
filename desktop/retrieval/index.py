"""What the journeys ask of an index, wherever its parts run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from desktop.domain.cancel import CancelToken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class VectorKeeper(Protocol):
    """Approximate nearest neighbours, in generations; may fail with `WorkerError` at any time."""

    # The generation that was checked in this run of the program; no other one is asked.
    verified: int | None
    # Whether searches go to it at all; the settings say.
    asked: bool

    def add(
        self,
        generation: int,
        collection_id: int,
        ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> None: ...

    def query(
        self, generation: int, collection_id: int, vectors: NDArray[np.float32], k: int
    ) -> list[list[tuple[int, float]]]: ...

    def remove(self, generation: int, collection_id: int, ids: Sequence[int]) -> None: ...

    def count(self, generation: int, collection_id: int) -> int: ...

    def discard_all_but(self, generation: int | None) -> None: ...

    def seal(self) -> None: ...


class Index(Protocol):
    """An embedder and the vectors it made."""

    @property
    def vectors(self) -> VectorKeeper: ...

    @property
    def embedder(self) -> str: ...

    def embed(
        self, texts: Sequence[str], cancel: CancelToken | None = None
    ) -> NDArray[np.float32]: ...

    def embed_question(
        self, question: str, embedder: str, cancel: CancelToken | None = None
    ) -> NDArray[np.float32]: ...

    def pieces(self, text: str) -> int:
        """How many pieces the embedder cuts `text` into: many for a language it cannot read."""
        ...
