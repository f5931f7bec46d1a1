"""The network lock: set first in every process of ours, and never taken away again.

Two walls: where the operating system has one it is the lock (Linux: a seccomp filter); the
interpreter's audit hook stands behind it everywhere, refuses what Python code tries, and
remembers it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator

from desktop.domain.machine import LockState, NetworkLock

_KEPT_ATTEMPTS = 200

# Events whose first argument is the socket object. `socket.__new__` names the family itself.
_SOCKET_EVENTS = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
# A browser started for us stands outside any lock, so asking for one is refused too.
_ALWAYS_REFUSED = frozenset(
    {
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
        "webbrowser.open",
    }
)
_FAMILY_UNIX = 1
_FAMILY_FROM_DESCRIPTOR = -1


class Attempts:
    """What was refused in this process, oldest first; only the last ones are kept."""

    def __init__(self) -> None:
        self._kept: deque[str] = deque(maxlen=_KEPT_ATTEMPTS)
        self.count = 0

    def add(self, attempt: str) -> None:
        self._kept.append(attempt)
        self.count += 1

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._kept))


def lock_network(attempts: Attempts | None = None) -> NetworkLock:
    """Close the network for this process and all its children, as far as the system can.

    Refusals of the audit hook are added to `attempts`.
    """
    _watch(attempts if attempts is not None else Attempts())
    if sys.platform != "linux":
        return NetworkLock(LockState.WATCHED, f"no lock of the system's own on {sys.platform}")
    from desktop.governance.seccomp_filter import set_filter

    refusal = set_filter()
    if refusal is not None:
        return NetworkLock(LockState.WATCHED, refusal)
    return NetworkLock(LockState.ENFORCED, "seccomp")


def _watch(attempts: Attempts) -> None:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        # Called for every file opened and every import: the two cheap tests come first.
        if not event.startswith(("socket.", "webbrowser.")) or _is_local(event, arguments):
            return
        told = arguments if event in _ALWAYS_REFUSED else arguments[1:]
        attempts.add(f"{event} {told!r}"[:200])
        raise PermissionError(f"Carrel has no network: {event} is refused")

    sys.addaudithook(hook)


def _is_local(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "socket.__new__":
        return arguments[1] in (_FAMILY_UNIX, _FAMILY_FROM_DESCRIPTOR)
    if event in _SOCKET_EVENTS:
        return getattr(arguments[0], "family", None) == _FAMILY_UNIX
    return event not in _ALWAYS_REFUSED
