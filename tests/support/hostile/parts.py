"""Models in several files with a part missing, exchanged, cut or lying."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged, ModelError, ModelPartMissing
from tests.support.gguf_builder import I32, U16, Draft, split, tiny_model
from tests.support.hostile.making import Hostile, Named

_COUNT = 3


def hostile_parts() -> Named:
    missing = ModelPartMissing
    yield "its second part missing", _parted(_without_second, "tiny-00002-of-00003", missing)
    yield "its last part missing", _parted(_without_last, "tiny-00003-of-00003", missing)
    yield "its first part missing", _parted(_without_first, "tiny-00001-of-00003", missing)
    yield "its parts exchanged", _parted(_exchanged, "is not part 2")
    yield "one part twice", _parted(_one_twice, "is not part 3")
    yield "a part under another name", _parted(_renamed, "its name does not say so")
    yield "a part cut off", _parted(_cut, "% of its tensors")
    yield "a text for a part", _parted(_text, "not a GGUF file")
    for key, value, words in (
        ("tensors.count", 99, "should hold 99"),
        ("count", 4, "its name does not say so"),
        ("count", 65535, "its name does not say so"),
        ("no", 1, "is not part 1"),
    ):
        yield f"{key} of {value}", _parted(partial(_restated, key, value), words)


def _parted(
    change: Callable[[list[Path]], Path],
    words: str,
    error: type[ModelError] = ModelDamaged,
) -> Hostile:
    return Hostile(lambda folder: change(split(tiny_model(), folder, _COUNT)), error, words)


def _without_second(paths: list[Path]) -> Path:
    paths[1].unlink()
    return paths[0]


def _without_last(paths: list[Path]) -> Path:
    paths[2].unlink()
    return paths[1]


def _without_first(paths: list[Path]) -> Path:
    paths[0].unlink()
    return paths[2]


def _exchanged(paths: list[Path]) -> Path:
    second, third = paths[1].read_bytes(), paths[2].read_bytes()
    paths[1].write_bytes(third)
    paths[2].write_bytes(second)
    return paths[0]


def _one_twice(paths: list[Path]) -> Path:
    paths[2].write_bytes(paths[1].read_bytes())
    return paths[1]


def _renamed(paths: list[Path]) -> Path:
    return paths[1].rename(paths[1].with_name("tiny.gguf"))


def _cut(paths: list[Path]) -> Path:
    os.truncate(paths[1], paths[1].stat().st_size - 100)
    return paths[0]


def _text(paths: list[Path]) -> Path:
    paths[1].write_text("to be copied later")
    return paths[0]


def _restated(key: str, value: int, paths: list[Path]) -> Path:
    draft = tiny_model()
    first = Draft(draft.entries, draft.parts[: -(-len(draft.parts) // _COUNT)])
    stated = {"no": 0, "count": _COUNT, "tensors.count": len(draft.parts), key: value}
    for name, number in stated.items():
        first.set(f"split.{name}", I32 if name == "tensors.count" else U16, number)
    return first.save(paths[0])
