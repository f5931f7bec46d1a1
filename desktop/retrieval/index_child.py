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

if TYPE_CHECKING:
    from desktop.inference.embedder import Embedder
    from desktop.storage.chroma_index import ChromaIndex

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
        vectors = VectorsPart(folder)
        serve(
            {
                "add": vectors.add,
                "query": vectors.query,
                "remove": vectors.remove,
                "count": vectors.count,
            }
        )


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


class VectorsPart:
    """Chroma in the folder of one generation at a time.

    Nothing is caught here: whatever Chroma raises ends this process, and the parent answers
    from the database's own vectors.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._generation = 0
        self._index: ChromaIndex | None = None

    def add(self, arguments: Arguments, blobs: Blobs) -> Message:
        ids = np.frombuffer(blobs[0], np.int64)
        vectors = np.frombuffer(blobs[1], np.float32).reshape(len(ids), -1)
        self._open(arguments).add(arguments["collection_id"], ids.tolist(), vectors)
        return Message({})

    def query(self, arguments: Arguments, blobs: Blobs) -> Message:
        vectors = np.frombuffer(blobs[0], np.float32).reshape(arguments["questions"], -1)
        index = self._open(arguments)
        found = [
            index.query(arguments["collection_id"], vector, arguments["k"]) for vector in vectors
        ]
        return Message({"found": found})

    def remove(self, arguments: Arguments, _: Blobs) -> Message:
        self._open(arguments).remove(arguments["collection_id"], arguments["ids"])
        return Message({})

    def count(self, arguments: Arguments, _: Blobs) -> Message:
        return Message({"count": self._open(arguments).count(arguments["collection_id"])})

    def _open(self, arguments: Arguments) -> ChromaIndex:
        generation: int = arguments["generation"]
        if self._index is None or generation != self._generation:
            from desktop.storage.chroma_index import ChromaIndex

            self._index = ChromaIndex.open(self._folder / f"gen-{generation}")
            self._generation = generation
        return self._index
