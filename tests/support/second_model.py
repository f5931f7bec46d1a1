"""A second chat model that is real: the included one under another name, with another hash."""

from __future__ import annotations

from pathlib import Path

from desktop.inference.included_models import chat_model_path

_NAME = b"Smollm2 135M 8k Lc100K Mix1 Ep2"


def write_second_model(path: Path, name: str = "Second") -> Path:
    """Write a copy whose header says `name`; its weights answer like the included model's."""
    contents = chat_model_path().read_bytes()
    assert contents.count(_NAME) == 1
    path.write_bytes(contents.replace(_NAME, name.encode().ljust(len(_NAME))))
    return path
