"""The parent's side of a trial: a new model is loaded and asked in a throwaway process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import (
    ModelDamaged,
    ModelTrialFailed,
    WorkerDied,
    WorkerTimedOut,
)
from desktop.domain.models import EmbedderPlace
from desktop.processes.child import Child
from desktop.processes.limits import Limits

_ROLE = "trial"
# A slow disk reads 50 MB a second; loading and eight tokens come on top.
_LOAD_S = 60.0
_BYTES_PER_S = 50e6
# Address space, not memory in use: libraries and thread stacks map far more than they touch.
_ADDRESS_SPACE_BYTES = 8 << 30
# A trial writes nothing but its last words.
_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial showed: a chat model's speed, or the length of an embedder's vectors."""

    tokens_per_second: float = 0.0
    dimensions: int = 0


def try_model(path: Path, size_bytes: int, cancel: CancelToken) -> float:
    """Load the model and generate eight tokens elsewhere; return its tokens per second.

    Raises `ModelTrialFailed` with what happened, `ModelDoesNotFit`, or `Cancelled`.
    """
    body = {"path": str(path), "size_bytes": size_bytes}
    answer = _ask("try", body, path, size_bytes, cancel, "llama.cpp")
    return float(answer["tokens_per_second"])


def try_embedder(place: EmbedderPlace, size_bytes: int, cancel: CancelToken) -> Tried:
    """Load the embedder and embed two texts elsewhere; raises as `try_model` does."""
    path = Path(place.path)
    body = {"path": place.path, "precision": place.precision}
    answer = _ask("embed", body, path, size_bytes, cancel, "its library")
    return Tried(dimensions=int(answer["dimensions"]))


def _ask(
    method: str,
    body: dict[str, Any],
    path: Path,
    size_bytes: int,
    cancel: CancelToken,
    engine: str,
) -> dict[str, Any]:
    memory = psutil.virtual_memory().total + _ADDRESS_SPACE_BYTES + size_bytes
    child = Child(_ROLE, Limits(memory_bytes=memory, file_bytes=_FILE_BYTES))
    try:
        answer = child.call(
            method,
            body,
            timeout_s=_LOAD_S + size_bytes / _BYTES_PER_S,
            cancel=cancel,
        )
    except WorkerDied as error:
        raise ModelTrialFailed(str(path), f"{engine} ended with {error.how}") from error
    except WorkerTimedOut as error:
        reason = f"it did not answer within {error.limit_s:.0f} seconds"
        raise ModelTrialFailed(str(path), reason) from error
    except ModelDamaged as error:
        raise ModelTrialFailed(str(path), error.reason) from error
    finally:
        child.close()
    return answer.body
