"""What the window remembers between two starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WindowState:
    """Size, folds, the last chat and where its reader was; values as they stand in JSON."""

    width: int = 1440
    height: int = 900
    maximized: bool = False
    sidebar_folded: bool = False
    sources_folded: bool = False
    conversation: int = 0  # 0: none yet
    above_end: int = 0  # how far above the chat's end the reader was, in pixels

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> WindowState:
        """Take what is there and of the right type; the rest keeps its default."""
        default = cls()
        taken = {
            name: stored[name]
            for name, value in asdict(default).items()
            if type(stored.get(name)) is type(value)
        }
        state = cls(**taken)
        sane = 200 <= state.width <= 20_000 and 200 <= state.height <= 20_000
        return state if sane else default

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
