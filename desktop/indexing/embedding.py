"""Texts in, vectors out, the same text never embedded twice in one run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.retrieval.index import Index

# So many texts between two signs of progress and two looks at the cancel token.
_SLICE_TEXTS = 32
# Bounds the memory that remembering costs: about 30 MB.
_REMEMBERED = 20_000

Vector = NDArray[np.float32]


class RunEmbedder:
    """Embeds the passages of one run; remembers what it has embedded."""

    def __init__(self, index: Index, cancel: CancelToken) -> None:
        self._index = index
        self._cancel = cancel
        self._known: dict[bytes, Vector] = {}

    def embed(self, texts: Sequence[str], into: list[Vector]) -> Iterator[int]:
        """Append one vector per text to `into`; yield how many texts were done in each step."""
        digests = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        found = {digest: self._known[digest] for digest in digests if digest in self._known}
        new = {
            digest: text for digest, text in zip(digests, texts, strict=True) if digest not in found
        }
        yield len(texts) - len(new)
        # By length, so that texts of like length share a batch.
        waiting = sorted(new.items(), key=lambda item: len(item[1]))
        for begin in range(0, len(waiting), _SLICE_TEXTS):
            part = waiting[begin : begin + _SLICE_TEXTS]
            vectors = self._index.embed([text for _, text in part], self._cancel)
            for (digest, _), vector in zip(part, vectors, strict=True):
                found[digest] = self._remember(digest, vector)
            yield len(part)
        into.extend(found[digest] for digest in digests)

    def _remember(self, digest: bytes, vector: Vector) -> Vector:
        if len(self._known) >= _REMEMBERED:
            # The oldest goes: copies of a text mostly lie near each other.
            del self._known[next(iter(self._known))]
        self._known[digest] = vector
        return vector
