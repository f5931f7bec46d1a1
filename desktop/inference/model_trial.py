"""The parent's side of a trial: a new model is looked at and tried in a throwaway process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerDied, WorkerTimedOut
from desktop.domain.model_errors import ModelDamaged, ModelTrialFailed
from desktop.domain.models import EmbedderPlace, ModelEntry, ModelKind, TrialResult
from desktop.processes.child import Child
from desktop.processes.limits import Limits

_ROLE = "trial"
# A slow disk reads 50 MB a second; loading and eight tokens come on top.
_LOAD_S = 60.0
_LOOK_S = 60.0
_BYTES_PER_S = 50e6
# Address space, not memory in use: libraries and thread stacks map far more than they touch.
_ADDRESS_SPACE_BYTES = 8 << 30
# A trial writes nothing but its last words.
_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial showed: the result for the register, and the length of an embedder's vectors."""

    result: TrialResult
    dimensions: int = 0


class TrialProcess:
    """One throwaway process for one file; what it does to itself touches nothing else.

    Every request raises `ModelTrialFailed` with what happened where the process ends or does not
    answer in time, what the checks inside it raise, or `Cancelled`.
    """

    def __init__(self, path: Path, size_bytes: int) -> None:
        """`path` is for the errors, `size_bytes` the whole model's, for the limits."""
        memory = psutil.virtual_memory().total + _ADDRESS_SPACE_BYTES + size_bytes
        self._child = Child(_ROLE, Limits(memory_bytes=memory, file_bytes=_FILE_BYTES))
        self._path = path
        self._size = size_bytes

    def __enter__(self) -> TrialProcess:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._child.close()

    def look(self, path: Path, kind: ModelKind, cancel: CancelToken) -> None:
        """llama.cpp's own look at everything but the weights; see `look_at_model`."""
        self._ask("look", {"path": str(path), "kind": kind}, _LOOK_S, cancel)

    def chat(self, path: Path, cancel: CancelToken) -> Tried:
        """Load a chat model and let it write eight tokens."""
        body = {"path": str(path), "size_bytes": self._size, "adapters": []}
        return self._tried("chat", body, cancel)

    def embedder(self, place: EmbedderPlace, cancel: CancelToken) -> Tried:
        """Load an embedder and embed two texts."""
        return self._tried("embed", {"path": place.path, "precision": place.precision}, cancel)

    def reranker(self, path: Path, cancel: CancelToken) -> Tried:
        """Load a reranker and score two passages."""
        return self._tried("rerank", {"path": str(path)}, cancel)

    def adapter(self, path: Path, base: ModelEntry, cancel: CancelToken) -> Tried:
        """Lay an adapter over the model it was made for and let that write eight tokens."""
        body = {"path": base.path, "size_bytes": base.size_bytes, "adapters": [str(path)]}
        return self._tried("chat", body, cancel)

    def _tried(self, method: str, body: dict[str, Any], cancel: CancelToken) -> Tried:
        started = time.monotonic()
        try:
            answer = self._ask(method, body, _LOAD_S + self._size / _BYTES_PER_S, cancel)
        except ModelDamaged as error:
            raise ModelTrialFailed(str(self._path), error.reason) from error
        result = TrialResult(
            at=time.time(),
            passed=True,
            seconds=time.monotonic() - started,
            tokens_per_second=float(answer.get("tokens_per_second", 0.0)),
            engine=str(answer["engine"]),
        )
        return Tried(result, int(answer.get("dimensions", 0)))

    def _ask(
        self, method: str, body: dict[str, Any], limit_s: float, cancel: CancelToken
    ) -> dict[str, Any]:
        try:
            return self._child.call(method, body, timeout_s=limit_s, cancel=cancel).body
        except WorkerDied as error:
            # The signal alone: what stands behind it are paths of the machine that built llama.cpp.
            reason = f"it ends the engine's process ({error.how.partition(':')[0]})"
            raise ModelTrialFailed(str(self._path), reason) from error
        except WorkerTimedOut as error:
            reason = f"it did not answer within {error.limit_s:.0f} seconds"
            raise ModelTrialFailed(str(self._path), reason) from error
