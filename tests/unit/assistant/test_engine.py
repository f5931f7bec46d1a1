"""Which model is in memory: the old one stays until the new one has answered, or comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.assistant.engine import Engine
from desktop.assistant.events import EngineFellBack, ModelLoaded, ModelLoading, ModelReturned
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, ModelChoices
from desktop.domain.errors import Cancelled, UnknownModel
from desktop.domain.model_errors import ModelDamaged, ModelDoesNotFit
from desktop.domain.models import ModelStatus
from desktop.storage.model_store import ModelStore
from tests.support.engine_room import GB, Answering, Room, entry

SETTINGS = EngineSettings(context_tokens=1024)


def ensure(
    engine: Engine, model_id: str, settings: EngineSettings = SETTINGS, stop: bool = False
) -> list[object]:
    cancel = CancelToken()
    steps = engine.ensure(model_id, settings, cancel)
    said: list[object] = []
    while True:
        try:
            said.append(next(steps))
        except StopIteration as end:
            assert engine.loaded is not None
            assert end.value.model_id == engine.loaded.id
            return said
        if stop:
            cancel.cancel()


def test_the_model_in_memory_is_used_again_without_loading(engine: Engine, room: Room) -> None:
    assert ensure(engine, "") == [ModelLoading("old"), ModelLoaded(entry("old"))]
    assert ensure(engine, "old") == []
    assert room.open == ["old"]


def test_the_old_model_stays_until_the_new_one_has_answered_a_token(
    engine: Engine, room: Room
) -> None:
    ensure(engine, "old")
    ensure(engine, "new")
    old, new = room.models
    assert len(new.prompts) == 1
    assert (old.closed, new.closed) == (True, False)
    assert room.left == ["old"]


@pytest.mark.parametrize("free_bytes", [10 * GB, int(1.5 * GB)])
def test_the_old_model_answers_on_where_the_new_one_fails(
    engine: Engine, room: Room, free_bytes: int
) -> None:
    ensure(engine, "old")
    room.free_bytes = free_bytes
    room.broken.add("new")
    with pytest.raises(ModelDamaged):
        ensure(engine, "new")
    assert engine.loaded == entry("old")
    assert room.open == ["old"]
    assert ensure(engine, "old") == []


def test_where_both_do_not_fit_the_old_one_goes_first_and_its_return_is_said(
    engine: Engine, room: Room
) -> None:
    ensure(engine, "old")
    room.free_bytes = int(1.5 * GB)
    room.broken.add("new")
    steps = engine.ensure("new", SETTINGS, CancelToken())
    assert next(steps) == ModelLoading("new")
    assert next(steps) == ModelReturned(entry("old"), "new")
    with pytest.raises(ModelDamaged):
        next(steps)
    room.broken.clear()
    ensure(engine, "new")
    assert room.open == ["new"]


def test_a_model_that_would_not_fit_alone_either_costs_nobody_the_memory(
    engine: Engine, room: Room
) -> None:
    ensure(engine, "old")
    room.free_bytes = GB // 2
    with pytest.raises(ModelDoesNotFit) as refused:
        ensure(engine, "new")
    assert refused.value.needed_bytes > refused.value.free_bytes
    assert [model.model_id for model in room.models] == room.open == ["old"]


def test_stopping_while_the_new_model_loads_leaves_the_old_one(engine: Engine, room: Room) -> None:
    ensure(engine, "old")
    with pytest.raises(Cancelled):
        ensure(engine, "new", stop=True)
    assert room.open == ["old"]


def test_threads_and_the_sampler_change_without_loading(
    engine: Engine, room: Room, store: ModelStore
) -> None:
    ensure(engine, "old")
    assert ensure(engine, "old", replace(SETTINGS, threads=1, reading_threads=1)) == []
    assert room.models[0].threads == (1, 1)
    assert ensure(engine, "old", replace(SETTINGS, idle_minutes=5)) == []
    assert len(room.models) == 1


@pytest.mark.parametrize(
    "choices",
    [
        ModelChoices(engine=EngineSettings(context_tokens=2048)),
        ModelChoices(chat_template="{{ messages }}"),
    ],
)
def test_what_a_loading_depends_on_loads_again(
    engine: Engine, room: Room, store: ModelStore, choices: ModelChoices
) -> None:
    ensure(engine, "old")
    store.put_choices("old", choices)
    assert ensure(engine, "old") == [ModelLoading("old"), ModelLoaded(entry("old"))]
    assert room.open == ["old"]


def test_a_gpu_that_failed_is_told_with_its_reason(engine: Engine, room: Room) -> None:
    room.fell_back = "the GPU is out of memory"
    assert EngineFellBack("old", "the GPU is out of memory") in ensure(engine, "old")


def test_what_is_gone_or_was_refused_is_not_loaded(engine: Engine, store: ModelStore) -> None:
    with pytest.raises(UnknownModel):
        ensure(engine, "nobody")
    store.put(replace(entry("new"), status=ModelStatus.REFUSED, refusal="it ends early"))
    with pytest.raises(ModelDamaged, match="it ends early"):
        ensure(engine, "new")


def test_a_second_model_is_laid_beside_the_first_where_there_is_room(
    engine: Engine, room: Room
) -> None:
    def second() -> object:
        steps = engine.second("new", SETTINGS, CancelToken())
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value

    ensure(engine, "old")
    room.free_bytes = int(1.5 * GB)
    assert second() is None
    room.free_bytes = 10 * GB
    beside = second()
    assert isinstance(beside, Answering)
    assert room.open == ["old", "new"]
    assert engine.loaded == entry("old")


def test_idle_time_counts_from_the_last_use(engine: Engine) -> None:
    assert not engine.idle_for(0.0)
    ensure(engine, "old")
    assert engine.idle_for(0.0)
    assert not engine.idle_for(60.0)
    engine.unload()
    assert not engine.idle_for(0.0)
