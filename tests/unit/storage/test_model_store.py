"""The model register keeps every field of an entry."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.models import ModelEntry, ModelStatus
from desktop.storage.database import Database
from desktop.storage.model_store import ModelStore

IMPORTED = ModelEntry(
    id="mine",
    name="Mine",
    path="/models/m\udcff.gguf",
    sha256="ab" * 32,
    size_bytes=2**34,
    architecture="llama",
    parameters=135_000_000,
    quantization="Q4_1",
    context_tokens=2048,
    licence="Apache-2.0",
    origin="/media/usb",
    imported_at=10.0,
    imported_by="clerk",
)
INCLUDED = replace(IMPORTED, id="included", included=True, imported_at=20.0)


def test_entries_come_back_whole_with_included_ones_first(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    models.put(INCLUDED)
    assert models.entries() == [INCLUDED, IMPORTED]
    assert models.entry("mine") == IMPORTED


def test_putting_an_entry_again_replaces_it(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    refused = replace(IMPORTED, status=ModelStatus.REFUSED, refusal="changed since")
    models.put(refused)
    assert models.entries() == [refused]


def test_an_unknown_or_removed_model_is_none(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    models.remove("mine")
    models.remove("mine")
    assert models.entry("mine") is None
    assert models.entry("\udcff") is None
