"""An engine over scripted models, and the stores it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.engine import Engine
from desktop.assistant.model_loading import Loader, LoaderParts
from desktop.assistant.stores import Stores
from desktop.storage.locations import Locations
from desktop.storage.model_store import ModelStore
from tests.support.engine_room import Room, entry


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = Stores.open(Locations.of(tmp_path / "data"))
    for name in ("old", "new"):
        opened.models.put(entry(name))
    yield opened
    opened.close()


@pytest.fixture
def store(stores: Stores) -> ModelStore:
    return stores.models


@pytest.fixture
def loader(room: Room, stores: Stores) -> Loader:
    return Loader(
        LoaderParts(
            models=stores.models,
            tunings=stores.tunings,
            say=room.said.append,
            fallback_id="old",
            load=room.load,
            machine=lambda: "this machine",
            free=room.free,
        )
    )


@pytest.fixture
def engine(loader: Loader, room: Room) -> Engine:
    return Engine(loader, before_closing=lambda model: room.left.append(model.model_id))
