"""How running work learns that it should wait for a while."""

from __future__ import annotations

import threading


class Hold:
    """A switch that is turned from any thread and looked at by the work between two steps."""

    __slots__ = ("_going",)

    def __init__(self) -> None:
        self._going = threading.Event()
        self._going.set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def pause(self) -> None:
        self._going.clear()

    def resume(self) -> None:
        self._going.set()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most while paused; False where it still is."""
        return self._going.wait(seconds)
