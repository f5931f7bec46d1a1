"""The passwords a person gave for documents: in memory, for as long as the program runs."""

from __future__ import annotations

import threading


class Passwords:
    """Keeps passwords; they are never written down, logged or shown, not even by `repr`."""

    __slots__ = ("_kept", "_lock")

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Passwords()"

    def add(self, password: str) -> None:
        """Keep a password; the newest is tried first."""
        with self._lock:
            if password in self._kept:
                self._kept.remove(password)
            if password:
                self._kept.insert(0, password)

    def forget(self, password: str) -> None:
        """Let go of one that opened nothing."""
        with self._lock:
            if password in self._kept:
                self._kept.remove(password)

    def known(self) -> tuple[str, ...]:
        """Return all of them."""
        with self._lock:
            return tuple(self._kept)
