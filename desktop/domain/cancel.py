"""How running work learns that it should stop."""

from __future__ import annotations

from desktop.domain.errors import Cancelled


class CancelToken:
    """A flag that is set once, from any thread, and looked at often by the work itself.

    `memory` is the flag as two bytes, the second always zero: foreign code that cannot call
    Python may look at it in the middle of a long computation.
    """

    __slots__ = ("memory",)

    def __init__(self) -> None:
        self.memory = bytearray(2)

    @property
    def cancelled(self) -> bool:
        return self.memory[0] != 0

    def cancel(self) -> None:
        # One byte store is atomic; no lock is needed for a set-once flag.
        self.memory[0] = 1

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if the flag is set."""
        if self.cancelled:
            raise Cancelled
