"""Model files for the pictures: a second one that answers, one too large, one cut short."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from desktop.assistant.stores import Stores
from desktop.domain.models import ModelEntry
from desktop.inference.gguf_header import facts_of, read_header
from desktop.inference.gguf_shape import shape_of
from desktop.inference.included_models import chat_model_path, included_chat_model
from desktop.storage.locations import Locations
from tests.support.model_files import Q4_0, Recipe, write_model
from tests.support.second_model import write_second_model

_LARGE = Recipe(
    layers=80,
    width=8192,
    feed_forward=28_672,
    heads=64,
    kv_heads=8,
    context=131_072,
    tied=False,
    type=Q4_0,
)


def second_model(folder: Path) -> Path:
    """The included weights under another name: a file that loads and answers."""
    return write_second_model(folder / "Office-135M-Instruct-Q4_1.gguf", "Office 135M Instruct")


def cut_model(folder: Path) -> Path:
    """What is left of a copy that ended early."""
    whole = chat_model_path().read_bytes()
    path = folder / "mistral-finance-v2.gguf"
    path.write_bytes(whole[: len(whole) * 61 // 100])
    return path


def register_large(data: Path, folder: Path) -> ModelEntry:
    """Put a model of 70 B parameters into the register: a whole header, no weights."""
    path = write_model(folder / "Llama-3.3-70B-Instruct-Q4_0.gguf", _LARGE, weights=False)
    header = read_header(path)
    facts = facts_of(header)
    entry = replace(
        included_chat_model(),
        id="llama-3-3-70b-instruct",
        name="Llama 3.3 70B Instruct",
        path=str(path),
        sha256="",
        size_bytes=path.stat().st_size,
        architecture=facts.architecture,
        parameters=facts.parameters,
        quantization=facts.quantization,
        context_tokens=facts.context_tokens,
        licence="llama3.3",
        origin=str(path),
        included=False,
        in_place=True,
        imported_at=time.time(),
        shape=shape_of(header),
        memory_bytes=0,
        tokens_per_second=0.0,
    )
    stores = Stores.open(Locations.of(data))
    stores.models.put(entry)
    stores.close()
    return entry
