"""How running work learns that it should stop."""

from __future__ import annotations

from desktop.domain.errors import Cancelled


class CancelToken:
    """A flag that is set once, from any thread, and looked at often by the work itself."""

    __slots__ = ("_cancelled",)

    def __init__(self) -> None:
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        # One attribute store is atomic in CPython; no lock is needed for a set-once flag.
        self._cancelled = True

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if the flag is set."""
        if self._cancelled:
            raise Cancelled
