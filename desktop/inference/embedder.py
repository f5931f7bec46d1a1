"""What the rest of Carrel knows of an embedder: texts in, vectors of length one out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """A loaded embedding model. Vectors of different `identity_of` are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    @property
    def precision(self) -> str:
        """The numbers it computes with: "int8", "bf16", "fp32", or a GGUF file's own."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order."""

    def pieces(self, text: str) -> int:
        """How many tokens the model makes of `text`, which says how well it reads its language."""


def identity_of(embedder: Embedder) -> str:
    """What vectors are stamped with."""
    return f"{embedder.name}@{embedder.sha256}:{embedder.precision}"


def of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
