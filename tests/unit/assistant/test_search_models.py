"""What embeds and what orders passages is chosen among the imported models, and noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.assistant.embedders import Embedders
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.preferences import Preferences
from desktop.assistant.search_models import SearchModels
from desktop.assistant.tunings import Tunings
from desktop.domain.errors import UnknownModel
from desktop.domain.models import ModelChangeKind, ModelKind
from desktop.storage.database import Database
from desktop.storage.locations import Locations
from desktop.storage.model_store import ModelStore
from desktop.storage.tuning_store import TuningStore
from tests.support.register_record import BARE


@pytest.fixture
def models(tmp_path: Path) -> Iterator[ModelStore]:
    database = Database.open(tmp_path / "carrel.db")
    store = ModelStore(database)
    for kind in ModelKind:
        file = tmp_path / kind.value
        file.touch()
        store.put(replace(BARE, id=kind.value, kind=kind, path=str(file), dimensions=384))
    yield store
    database.close()


@pytest.fixture
def searching(models: ModelStore, tmp_path: Path) -> SearchModels:
    preferences = Preferences(Locations.of(tmp_path))
    register = ModelRegister(models, Tunings(TuningStore(models._database)))
    embedders = Embedders(preferences.settings, models.entries())
    return SearchModels(preferences, embedders, register, models.note)


def test_what_embeds_is_chosen_once_and_noted_once(
    searching: SearchModels, models: ModelStore
) -> None:
    assert searching.use_embedder("embedder").name == BARE.name
    searching.use_embedder("embedder")
    assert [line.kind for line in models.history("embedder")] == [ModelChangeKind.USED]
    assert searching.use_embedder("").name == "all-MiniLM-L6-v2"


def test_what_orders_passages_is_chosen_noted_and_let_go(
    searching: SearchModels, models: ModelStore
) -> None:
    assert searching.reranker() is None
    searching.use_reranker("reranker")
    chosen = searching.reranker()
    assert chosen is not None and chosen.id == "reranker"
    assert [line.detail for line in models.history("reranker")] == [
        "for ordering the best passages"
    ]
    searching.use_reranker("")
    assert searching.reranker() is None


@pytest.mark.parametrize("model_id", ["nobody", "chat", "adapter"])
def test_a_model_of_another_kind_searches_nothing(searching: SearchModels, model_id: str) -> None:
    with pytest.raises(UnknownModel):
        searching.use_embedder(model_id)
    with pytest.raises(UnknownModel):
        searching.use_reranker(model_id)
