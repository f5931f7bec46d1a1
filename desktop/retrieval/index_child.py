"""The index worker's processes: one holds the embedder, one holds Chroma; both on request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop.processes.serving import serve
from desktop.processes.wire import Message
from desktop.retrieval.index_worker import EMBEDDER_PART
from desktop.retrieval.vectors_part import VectorsPart

if TYPE_CHECKING:
    from desktop.inference.embedder import Embedder

Arguments = dict[str, Any]
Blobs = tuple[bytes, ...]


def main(argv: Sequence[str]) -> None:
    """Serve one part until the pipe closes: `embedder FOLDER` or `vectors FOLDER`.

    Two processes and not one: importing torch takes seconds that a search in Chroma must not
    wait for, and a damaged Chroma folder that takes its process down must not take the loaded
    embedder with it.
    """
    part, folder = argv[0], Path(argv[1])
    if part == EMBEDDER_PART:
        embedding = EmbeddingPart(folder)
        serve({"embed": embedding.embed})
    else:
        serve(VectorsPart(folder).requests())


class EmbeddingPart:
    """Texts in, unit vectors out; loads the model at the first request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _embedder(self) -> Embedder:
        from desktop.inference.sentence_embedder import SentenceEmbedder

        return SentenceEmbedder(self._folder)

    def embed(self, arguments: Arguments, _: Blobs) -> Message:
        vectors = np.ascontiguousarray(self._embedder.embed(arguments["texts"]), np.float32)
        body = {"embedder": f"{self._embedder.name}@{self._embedder.sha256}"}
        return Message({**body, "shape": list(vectors.shape)}, (vectors.tobytes(),))
