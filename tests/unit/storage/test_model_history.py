"""The register keeps what was chosen and what happened, the latter longer than the model."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from desktop.domain.engine import (
    AdapterUse,
    EngineSettings,
    KvCacheType,
    ModelChoices,
    SamplerSettings,
    Toggle,
)
from desktop.domain.models import ModelChange, ModelChangeKind
from desktop.storage.database import Database
from desktop.storage.model_store import ModelStore
from tests.unit.storage.test_model_store import IMPORTED, INCLUDED

CHOICES = ModelChoices(
    engine=EngineSettings(
        context_tokens=2048, kv_type=KvCacheType.Q8_0, flash_attention=Toggle.OFF
    ),
    sampler=SamplerSettings(temperature=0.7, json_schema='{"type": "object"}'),
    chat_template="{{ messages }}",
    adapters=(AdapterUse("legal-words", 0.5),),
)


def change(model_id: str, kind: ModelChangeKind, at: float, detail: str = "") -> ModelChange:
    return ModelChange(model_id, at, "clerk", kind, detail, "ab" * 32)


def test_the_history_outlives_the_model_and_its_choices_do_not(database: Database) -> None:
    models = ModelStore(database)
    imported = change("mine", ModelChangeKind.IMPORTED, 10.0, "from /media/\udcff")
    removed = change("mine", ModelChangeKind.REMOVED, 20.0)
    models.put(IMPORTED, imported)
    models.put_choices("mine", CHOICES)
    models.remove("mine", removed)
    assert models.entry("mine") is None
    assert models.choices("mine") == ModelChoices()
    assert models.history("mine") == [removed, imported]


def test_history_is_in_the_order_of_what_happened_whatever_the_clock_said(
    database: Database,
) -> None:
    models = ModelStore(database)
    first = change("mine", ModelChangeKind.IMPORTED, 500.0)
    second = change("mine", ModelChangeKind.APPROVED, 100.0, "for letters")
    of_another = change("included", ModelChangeKind.VERIFIED, 300.0)
    for line in (first, second, of_another):
        models.note(line)
    assert models.history("mine") == [second, first]
    assert models.history() == [of_another, second, first]
    assert models.history("nobody's") == []


def test_a_change_that_cannot_be_kept_is_not_noted_either(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON model_changes BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    with pytest.raises(Exception, match="full"):
        models.put_choices("mine", CHOICES, change("mine", ModelChangeKind.CHOICES_CHANGED, 1.0))
    database.execute("DROP TRIGGER full")
    assert models.choices("mine") == ModelChoices()
    assert models.history("mine") == []


def test_two_who_amend_an_entry_at_once_lose_nothing_of_each_other(
    database: Database,
) -> None:
    models = ModelStore(database)
    models.put(replace(IMPORTED, parameters=0))
    other_connection = Database.open(database.path)
    others = ModelStore(other_connection)

    def count_up(store: ModelStore) -> None:
        for _ in range(40):
            store.amend("mine", lambda entry: replace(entry, parameters=entry.parameters + 1))

    counting = threading.Thread(target=count_up, args=(others,))
    counting.start()
    count_up(models)
    counting.join()
    other_connection.close()
    entry = models.entry("mine")
    assert entry is not None
    assert entry.parameters == 80


def test_amending_notes_the_change_made_from_the_entry_as_it_was(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    amended = models.amend(
        "mine",
        lambda entry: replace(entry, name="Ours"),
        lambda entry: change(entry.id, ModelChangeKind.RENAMED, 5.0, f"from {entry.name}"),
    )
    assert amended == models.entry("mine") == replace(IMPORTED, name="Ours")
    assert [line.detail for line in models.history("mine")] == ["from Mine"]
    assert models.amend("nobody's", lambda entry: entry) is None


def test_choices_come_back_whole_and_only_for_their_model(database: Database) -> None:
    models = ModelStore(database)
    models.put(IMPORTED)
    models.put(INCLUDED)
    models.put_choices("mine", CHOICES)
    assert models.choices("mine") == CHOICES
    assert models.choices("included") == ModelChoices()


def test_choosing_nothing_forgets_what_was_chosen(database: Database) -> None:
    models = ModelStore(database)
    models.put_choices("mine", CHOICES)
    models.put_choices("mine", ModelChoices())
    assert models.choices("mine") == ModelChoices()
    assert database.execute("SELECT COUNT(*) FROM model_choices") == [(0,)]
