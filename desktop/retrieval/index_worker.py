"""The parent's side of the index worker: embed texts, keep vectors, survive its processes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerDied
from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.processes.wire import Message
from desktop.retrieval.turns import Turns
from desktop.retrieval.vectors_process import VectorsProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_TEXTS = 8
_ROLE = "index"
# One of the two parts of the role; the other is in vectors_process.py.
EMBEDDER_PART = "embedder"
# The first batch waits for the import of torch, on a cold disk and beside other programs.
_LOAD_TIMEOUT_S = 300.0
_EMBED_TIMEOUT_S = 120.0


class EmbeddingProcess:
    """One embedder in a process of ours; each small batch waits its turn and is one request."""

    def __init__(self, folder: Path) -> None:
        self._child = Child(_ROLE, Limits(), (EMBEDDER_PART, str(folder)))
        self._turns = Turns()
        self._loaded = False
        self.embedder = ""

    def embed(self, texts: Sequence[str], cancel: CancelToken | None) -> NDArray[np.float32]:
        """Embed `texts` in batches of like length; raises `Cancelled` between batches."""
        import numpy as np

        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), 0), np.float32)
        for begin in range(0, len(order), BATCH_TEXTS):
            if cancel is not None:
                cancel.raise_if_cancelled()
            batch = order[begin : begin + BATCH_TEXTS]
            answer = self._ask([texts[at] for at in batch], cancel)
            part = np.frombuffer(answer.blobs[0], np.float32).reshape(answer.body["shape"])
            if not vectors.shape[1]:
                vectors = np.zeros((len(texts), part.shape[1]), np.float32)
            vectors[batch] = part
        return vectors

    def close(self) -> None:
        self._child.close()

    def _ask(self, texts: list[str], cancel: CancelToken | None) -> Message:
        with self._turns:
            try:
                return self._request(texts, cancel)
            except WorkerDied:
                # Once more in a new process: the old one may have been ended from outside.
                self._loaded = False
                return self._request(texts, cancel)

    def _request(self, texts: list[str], cancel: CancelToken | None) -> Message:
        # Cancelling ends the process; a loaded model is worth the wait for one batch.
        answer = self._child.call(
            "embed",
            {"texts": texts},
            timeout_s=_EMBED_TIMEOUT_S if self._loaded else _LOAD_TIMEOUT_S,
            cancel=None if self._loaded else cancel,
        )
        self._loaded = True
        self.embedder = answer.body["embedder"]
        return answer


class IndexWorker:
    """The embedder and the vector index, each in its own process, started when first needed."""

    def __init__(self, index_folder: Path, embedder_folder: Path) -> None:
        self._embedding = EmbeddingProcess(embedder_folder)
        self.vectors = VectorsProcess(index_folder)

    @property
    def embedder(self) -> str:
        """Name and hash of the embedder, "" before the first text."""
        return self._embedding.embedder

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        """One unit vector per text. Raises `EmbedderMissing`, `WorkerError`, `Cancelled`."""
        return self._embedding.embed(texts, cancel)

    def warm(self, cancel: CancelToken | None = None) -> None:
        """Load the embedder now, so that the first question need not wait for it."""
        self._embedding.embed(["warm"], cancel)

    def close(self) -> None:
        self._embedding.close()
        self.vectors.close()
