"""The parent's side of the index worker: embed texts, keep vectors, survive its processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.models import EmbedderPlace
from desktop.retrieval.embedding_processes import EmbeddingProcesses
from desktop.retrieval.vectors_process import VectorsProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The embedder in use and the one whose collections are still searched; a third one waits its turn.
_MOST_EMBEDDERS = 2

# By the identity that vectors are stamped with; "" asks for the embedder in use.
FindEmbedder = Callable[[str], EmbedderPlace]


class IndexWorker:
    """Embedders and the vector index, each in its own process, started when first needed."""

    def __init__(self, index_folder: Path, find: FindEmbedder) -> None:
        """`find` may be asked by any thread; raises `EmbedderGone`."""
        self._find = find
        self._in_use: EmbedderPlace | None = None
        self._lock = threading.Lock()
        self._embedding: dict[EmbedderPlace, EmbeddingProcesses] = {}
        self.vectors = VectorsProcess(index_folder)

    def choose(self) -> None:
        """Look again which embedder is in use; between two calls it stays the same.

        For the indexing lane before a run: a choice that changes in the middle of one must not
        stamp vectors of one model with the name of another.
        """
        self._in_use = self._find("")

    @property
    def embedder(self) -> str:
        """Name, hash and precision of the embedder in use, "" before its first text."""
        return self._process("").embedder

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        """One unit vector per text. Raises `EmbedderMissing`, `WorkerError`, `Cancelled`."""
        return self._process("").embed(texts, cancel)

    def embed_question(
        self, question: str, embedder: str, cancel: CancelToken | None = None
    ) -> NDArray[np.float32]:
        """The vector to search a collection with whose vectors are stamped `embedder`.

        As exact as the model is, however the passages were embedded. Raises as `embed` does, and
        `EmbedderGone` where that embedder is no longer in the register.
        """
        return self._process(embedder).embed_question(question, cancel)

    def pieces(self, text: str, embedder: str = "") -> int:
        """How many tokens the embedder makes of a text; raises as `embed_question` does."""
        return self._process(embedder).pieces(text)

    def warm(self, cancel: CancelToken | None = None) -> None:
        """Load the embedder now, so that the first question need not wait for it."""
        self._process("").embed_question("warm", cancel)

    def close(self) -> None:
        for process in self._embedding.values():
            process.close()
        self.vectors.close()

    def _process(self, embedder: str) -> EmbeddingProcesses:
        if not embedder and self._in_use is None:
            self.choose()
        place = self._find(embedder) if embedder else self._in_use
        assert place is not None, "choose() found it or raised"
        with self._lock:
            process = self._embedding.pop(place, None)
            if process is None:
                from desktop.inference.embedder_loading import processes_that_help

                process = EmbeddingProcesses(place, processes_that_help(place))
                while len(self._embedding) >= _MOST_EMBEDDERS:
                    self._embedding.pop(next(iter(self._embedding))).retire()
            # The one used last stands last; the first one goes when a further one is needed.
            self._embedding[place] = process
            return process
