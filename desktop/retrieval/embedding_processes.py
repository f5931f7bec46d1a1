"""One embedder in a few processes: a folder keeps all of them busy, a question waits for none."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.models import EmbedderPlace
from desktop.retrieval.embedding_process import EmbeddingProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class EmbeddingProcesses:
    """Calls from several threads run at once, each in the process with the least to do.

    Two processes of one thread embed a third more texts a second than one of two threads does:
    the steps of a short text are too small to be shared out. A process starts when it is first
    needed, so questions alone never start a second one.
    """

    def __init__(self, place: EmbedderPlace, count: int) -> None:
        self._processes = [EmbeddingProcess(place) for _ in range(count)]
        self._running = [0] * count
        self._lock = threading.Lock()

    @property
    def embedder(self) -> str:
        """Name, hash and precision, "" before the first text."""
        return next((each.embedder for each in self._processes if each.embedder), "")

    def embed(self, texts: Sequence[str], cancel: CancelToken | None) -> NDArray[np.float32]:
        """One row for each text; raises as `EmbeddingProcess.embed` does."""
        with self._lock:
            at = self._running.index(min(self._running))
            self._running[at] += 1
        try:
            return self._processes[at].embed(texts, cancel)
        finally:
            with self._lock:
                self._running[at] -= 1

    def embed_question(self, question: str, cancel: CancelToken | None) -> NDArray[np.float32]:
        """One vector; waits for no more than the batch that is running in the first process."""
        return self._processes[0].embed_question(question, cancel)

    def pieces(self, text: str) -> int:
        """How many tokens the model makes of a text."""
        return self._processes[0].pieces(text)

    def retire(self) -> None:
        """End each process when what it is doing is done."""
        for process in self._processes:
            process.retire()

    def close(self) -> None:
        for process in self._processes:
            process.close()
