"""The index worker's processes: one holds the embedder, one holds Chroma; both on request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop.domain.models import EmbedderPlace
from desktop.processes.serving import serve
from desktop.processes.wire import Message
from desktop.retrieval.embedding_process import EMBEDDER_PART
from desktop.retrieval.reranker_process import RERANKER_PART
from desktop.retrieval.vectors_part import VectorsPart

if TYPE_CHECKING:
    from desktop.inference.embedder import Embedder
    from desktop.inference.reranker import Scoring

Arguments = dict[str, Any]
Blobs = tuple[bytes, ...]


def main(argv: Sequence[str]) -> None:
    """Serve one part until the pipe closes: `embedder PLACE PRECISION`, `vectors FOLDER` or
    `reranker PLACE`.

    A process each and not one: an imported embedder takes seconds to load that a search in Chroma
    must not wait for, and a damaged Chroma folder that takes its process down must not take the
    loaded embedder with it.
    """
    part, place = argv[0], argv[1]
    if part == EMBEDDER_PART:
        embedding = EmbeddingPart(EmbedderPlace(place, argv[2]))
        serve(
            {
                "embed": embedding.embed,
                "embed_question": embedding.embed_question,
                "pieces": embedding.pieces,
            }
        )
    elif part == RERANKER_PART:
        serve({"scores": RerankingPart(Path(place)).scores})
    else:
        serve(VectorsPart(Path(place)).requests())


class EmbeddingPart:
    """Texts in, unit vectors out; loads the model at the first request."""

    def __init__(self, place: EmbedderPlace) -> None:
        self._place = place

    @cached_property
    def _embedder(self) -> Embedder:
        from desktop.inference.embedder_loading import load_embedder, processes_that_help

        # Where there are several of us, each keeps to a thread of its own.
        return load_embedder(self._place, 1 if processes_that_help(self._place) > 1 else 0)

    @cached_property
    def _exact(self) -> Embedder:
        from desktop.inference.embedder_loading import load_exact

        return load_exact(self._place, self._embedder)

    def embed(self, arguments: Arguments, _: Blobs) -> Message:
        return self._answer(self._embedder, arguments)

    def embed_question(self, arguments: Arguments, _: Blobs) -> Message:
        return self._answer(self._exact, arguments)

    def pieces(self, arguments: Arguments, _: Blobs) -> Message:
        from desktop.inference.embedder import identity_of

        pieces = [self._embedder.pieces(text) for text in arguments["texts"]]
        return Message({"embedder": identity_of(self._embedder), "pieces": pieces})

    def _answer(self, embedder: Embedder, arguments: Arguments) -> Message:
        from desktop.inference.embedder import identity_of

        vectors = np.ascontiguousarray(embedder.embed(arguments["texts"]), np.float32)
        body = {"embedder": identity_of(self._embedder), "shape": list(vectors.shape)}
        return Message(body, (vectors.tobytes(),))


class RerankingPart:
    """Passages in, scores out; loads the model at the first request."""

    def __init__(self, place: Path) -> None:
        self._place = place

    @cached_property
    def _reranker(self) -> Scoring:
        from desktop.inference.reranker import load_reranker

        return load_reranker(self._place)

    def scores(self, arguments: Arguments, _: Blobs) -> Message:
        scores = self._reranker.scores(arguments["question"], arguments["passages"])
        return Message({"scores": scores})
