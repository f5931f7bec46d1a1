"""What the machine is and whether everything stands as it should."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LockState(StrEnum):
    """How far the network is closed to this process and its children."""

    ENFORCED = "enforced"  # by the operating system
    WATCHED = "watched"  # by the interpreter's audit hook alone
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class NetworkLock:
    """The network lock as set at start. `detail` names the mechanism or why it is missing."""

    state: LockState
    detail: str


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the doctor."""

    name: str
    ok: bool
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class MachineStatus:
    """The lines at the foot of the sidebar. Memory is in bytes."""

    lock: NetworkLock
    model_name: str
    backend: str
    memory_used_bytes: int
    memory_total_bytes: int
