"""The parent's side of one embedder: short requests, in the order they were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerDied
from desktop.domain.models import EmbedderPlace
from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.processes.wire import Message
from desktop.retrieval.turns import Turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_TEXTS = 8
_ROLE = "index"
# One of the two parts of the role; the other is in vectors_process.py.
EMBEDDER_PART = "embedder"
# The first batch of an imported model waits for torch, on a cold disk and beside other programs.
_LOAD_TIMEOUT_S = 300.0
_EMBED_TIMEOUT_S = 120.0


class EmbeddingProcess:
    """One embedder in a process of ours; each small batch waits its turn and is one request."""

    def __init__(self, place: EmbedderPlace) -> None:
        self._child = Child(_ROLE, Limits(), (EMBEDDER_PART, place.path, place.precision))
        self._turns = Turns()
        self._loaded = False
        self.embedder = ""

    def embed(self, texts: Sequence[str], cancel: CancelToken | None) -> NDArray[np.float32]:
        """Embed `texts` in small batches; raises `Cancelled` between batches."""
        import numpy as np

        parts: list[NDArray[np.float32]] = []
        for begin in range(0, len(texts), BATCH_TEXTS):
            if cancel is not None:
                cancel.raise_if_cancelled()
            answer = self._ask("embed", texts[begin : begin + BATCH_TEXTS], cancel)
            parts.append(_vectors(answer))
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def embed_question(self, question: str, cancel: CancelToken | None) -> NDArray[np.float32]:
        """One vector; waits for no more than the batch that is running."""
        vector: NDArray[np.float32] = _vectors(self._ask("embed_question", [question], cancel))[0]
        return vector

    def pieces(self, text: str) -> int:
        """How many tokens the model makes of a text."""
        return int(self._ask("pieces", [text], None).body["pieces"][0])

    def retire(self) -> None:
        """End the process when what it is doing is done; it starts again where it is asked."""
        with self._turns:
            self.close()

    def close(self) -> None:
        self._loaded = False
        self._child.close()

    def _ask(self, method: str, texts: Sequence[str], cancel: CancelToken | None) -> Message:
        with self._turns:
            try:
                return self._request(method, texts, cancel)
            except WorkerDied:
                # Once more in a new process: the old one may have been ended from outside.
                self._loaded = False
                return self._request(method, texts, cancel)

    def _request(self, method: str, texts: Sequence[str], cancel: CancelToken | None) -> Message:
        # Cancelling ends the process; a loaded model is worth the wait for one batch.
        answer = self._child.call(
            method,
            {"texts": list(texts)},
            timeout_s=_EMBED_TIMEOUT_S if self._loaded else _LOAD_TIMEOUT_S,
            cancel=None if self._loaded else cancel,
        )
        self._loaded = True
        self.embedder = answer.body["embedder"]
        return answer


def _vectors(answer: Message) -> NDArray[np.float32]:
    import numpy as np

    return np.frombuffer(answer.blobs[0], np.float32).reshape(answer.body["shape"])
