"""The register's doors: everything that is done to a model is a line with who and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.assistant.included_model import register_included
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.tunings import Tunings
from desktop.domain.errors import InvalidName, UnknownModel
from desktop.domain.models import Approval, ModelChangeKind, ModelKind, ModelShape, ModelStatus
from desktop.inference.included_models import CHAT_MODEL_ID, included_chat_model
from desktop.storage.database import Database
from desktop.storage.model_store import ModelStore
from desktop.storage.tuning_store import TuningStore
from tests.support.register_record import BARE


@pytest.fixture
def models(tmp_path: Path) -> Iterator[ModelStore]:
    database = Database.open(tmp_path / "carrel.db")
    file = tmp_path / "bare.gguf"
    file.touch()
    store = ModelStore(database)
    store.put(replace(BARE, path=str(file)))
    yield store
    database.close()


@pytest.fixture
def register(models: ModelStore) -> ModelRegister:
    return ModelRegister(models, Tunings(TuningStore(models._database)))


def test_each_kind_of_model_has_its_own_list(register: ModelRegister, models: ModelStore) -> None:
    for kind in (ModelKind.EMBEDDER, ModelKind.RERANKER, ModelKind.ADAPTER):
        models.put(replace(BARE, id=kind.value, kind=kind))
    lists = (
        register.entries(),
        register.embedders(),
        register.rerankers(),
        register.adapters(),
    )
    assert [[entry.id for entry in each] for each in lists] == [
        ["bare"],
        ["embedder"],
        ["reranker"],
        ["adapter"],
    ]


def test_a_model_whose_file_is_gone_is_shown_as_missing(
    register: ModelRegister, models: ModelStore
) -> None:
    Path(register.entries()[0].path).unlink()
    entry = register.entry("bare")
    assert entry is not None
    assert entry.status is ModelStatus.MISSING
    stored = models.entry("bare")
    assert stored is not None
    assert stored.status is ModelStatus.READY  # a stick that comes back is ready again


def test_a_name_is_changed_and_both_names_are_noted(register: ModelRegister) -> None:
    assert register.rename("bare", "  Small one ").name == "Small one"
    line = register.history("bare")[0]
    assert (line.kind, line.detail) == (ModelChangeKind.RENAMED, "from “Bare” to “Small one”")
    for name in ("", " ", "a\nb", "x" * 101):
        with pytest.raises(InvalidName):
            register.rename("bare", name)
    with pytest.raises(UnknownModel):
        register.rename("nobody", "Name")


def test_an_approval_says_who_when_and_why_until_it_is_withdrawn(register: ModelRegister) -> None:
    approved = register.approve("bare", "Read its licence.")
    assert approved.approval is not None
    line = register.history("bare")[0]
    assert (line.kind, line.detail) == (ModelChangeKind.APPROVED, "Read its licence.")
    assert (approved.approval.by, approved.approval.at) == (line.by, line.at)
    assert register.withdraw_approval("bare").approval is None
    assert register.withdraw_approval("bare").approval is None
    assert [each.kind for each in register.history("bare")] == [
        ModelChangeKind.APPROVAL_WITHDRAWN,
        ModelChangeKind.APPROVED,
    ]


def test_the_export_holds_what_is_there_and_what_happened_to_what_is_gone(
    register: ModelRegister, models: ModelStore
) -> None:
    register.rename("bare", "Kept")
    models.put(replace(BARE, id="gone"))
    register.approve("gone")
    models.remove("gone")
    whole = json.loads(register.export())
    assert [model["id"] for model in whole["models"]] == ["bare"]
    assert "gone" in json.dumps(whole["removed"])
    part = json.loads(register.export(["bare"]))
    assert part["models"] == whole["models"]
    assert part["removed"] == []
    assert json.loads(register.export(["gone"]))["removed"] == whole["removed"]
    with pytest.raises(UnknownModel):
        register.export(["nobody"])
    assert "# Kept" in register.card("bare")


def test_the_included_model_is_whole_again_once_its_bytes_are(models: ModelStore) -> None:
    refused = replace(
        included_chat_model(), status=ModelStatus.REFUSED, refusal="its checksum is another"
    )
    models.put(refused)
    register_included(models)
    entry = models.entry(CHAT_MODEL_ID)
    assert entry is not None
    assert (entry.status, entry.refusal) == (ModelStatus.READY, "")


def test_an_approval_of_other_bytes_does_not_hold_for_the_included_model(
    models: ModelStore,
) -> None:
    earlier = replace(
        included_chat_model(),
        sha256="ab" * 32,
        name="Ours",
        approval=Approval("partner", 1.0),
        tokens_per_second=99.0,
    )
    models.put(earlier)
    register_included(models)
    assert models.entry(CHAT_MODEL_ID) == replace(included_chat_model(), name="Ours")
    assert [line.kind for line in models.history(CHAT_MODEL_ID)] == [ModelChangeKind.IMPORTED]
    register_included(models)
    assert len(models.history(CHAT_MODEL_ID)) == 1


def test_the_included_model_is_described_anew_and_keeps_what_people_said_of_it(
    register: ModelRegister, models: ModelStore
) -> None:
    register_included(models)
    assert register.entry(CHAT_MODEL_ID) == included_chat_model()
    register.rename(CHAT_MODEL_ID, "Ours")
    approved = register.approve(CHAT_MODEL_ID, "Comes with it.")
    models.put(replace(approved, shape=ModelShape(), path="/an/earlier/place.gguf"))
    register_included(models)
    found = register.entry(CHAT_MODEL_ID)
    assert found == replace(included_chat_model(), name="Ours", approval=approved.approval)
    register_included(models)
    assert register.entry(CHAT_MODEL_ID) == found
