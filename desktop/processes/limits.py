"""What a child may use; set by the child on itself, before it opens anything."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass

_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one child; None is unlimited. Bytes, and seconds of processor time."""

    memory_bytes: int | None = None
    file_bytes: int | None = None
    cpu_s: int | None = None

    def to_argument(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def of_argument(text: str) -> Limits:
        return Limits(**json.loads(text))


def apply_limits(limits: Limits) -> None:
    """Hold this process to `limits` and to its parent's life.

    Windows has no resource limits of this kind; there the time limits of the caller remain.
    """
    if sys.platform == "win32":
        return
    import resource

    pairs = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_CORE, 0),
    )
    for which, wanted in pairs:
        if wanted is not None:
            hard = resource.getrlimit(which)[1]
            bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(which, (bound, bound))
    if limits.file_bytes is not None:
        # Past the size limit a write shall fail with EFBIG instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if sys.platform == "linux":
        _die_with_parent()


def _die_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # The parent was gone before the request reached the kernel.
        os.kill(os.getpid(), signal.SIGKILL)
