"""How a hostile file is made, and what it must be refused with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged, ModelError
from tests.support.gguf_builder import Draft, tiny_model


@dataclass(frozen=True)
class Hostile:
    """How the file is made in a folder, and the error with a part of its words."""

    make: Callable[[Path], Path]
    error: type[ModelError]
    words: str


Named = Iterator[tuple[str, Hostile]]


def made_of(data: Callable[[], bytes], name: str = "model.gguf") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data())
        return path

    return make


def changed(change: Callable[[Draft], object], words: str, whole: str = "llama") -> Hostile:
    def data() -> bytes:
        draft = tiny_model(whole)
        change(draft)
        return draft.written()

    return Hostile(made_of(data), ModelDamaged, words)


def cut(at: Callable[[bytes], int], words: str) -> Hostile:
    def data() -> bytes:
        whole = tiny_model().written()
        return whole[: at(whole)]

    return Hostile(made_of(data), ModelDamaged, words)
