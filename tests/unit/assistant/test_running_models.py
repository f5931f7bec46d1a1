"""Models are chosen, switched and tended on the answers lane, and what happened is noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.assistant.engine import Engine
from desktop.assistant.events import Finished
from desktop.assistant.lanes import Jobs, Lane
from desktop.assistant.measuring import Measuring, MeasuringParts
from desktop.assistant.model_loading import Loader
from desktop.assistant.preferences import Preferences
from desktop.assistant.running_models import RunningModels, RunningModelsParts
from desktop.assistant.stores import Stores
from desktop.assistant.waiting import EventQueue
from desktop.domain.engine import EngineSettings, ModelChoices
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import ModelChangeKind
from desktop.storage.locations import Locations
from tests.support.engine_room import Room


@pytest.fixture
def events() -> EventQueue:
    return EventQueue()


@pytest.fixture
def lane(events: EventQueue) -> Iterator[Lane]:
    jobs = Jobs(events.post)
    lane = Lane("answers", jobs)
    yield lane
    jobs.cancel_all()
    lane.close()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    kept = Preferences(Locations.of(tmp_path / "data"))
    kept.change(replace(kept.settings(), engine=EngineSettings(context_tokens=1024)))
    return kept


@pytest.fixture
def running(
    engine: Engine, loader: Loader, stores: Stores, lane: Lane, preferences: Preferences
) -> RunningModels:
    measuring = Measuring(MeasuringParts(stores, engine, loader, preferences))
    return RunningModels(
        RunningModelsParts(
            reads=stores,
            lane=lane,
            stores=stores,
            engine=engine,
            measuring=measuring,
            preferences=preferences,
            included_id="old",
            quiet=lambda: False,
        )
    )


def test_a_model_that_is_used_is_chosen_and_noted_once(
    running: RunningModels, events: EventQueue, stores: Stores, preferences: Preferences
) -> None:
    for _ in range(2):
        events.result(running.use("new"))
    assert preferences.settings().model_id == "new"
    assert [line.kind for line in stores.models.history("new")] == [ModelChangeKind.USED]
    chosen, current = running.chosen(), running.current()
    assert chosen is not None
    assert current is not None
    assert chosen.id == current.id == "new"


def test_a_model_that_fails_is_not_chosen(
    running: RunningModels, events: EventQueue, room: Room, preferences: Preferences
) -> None:
    events.result(running.warm())
    room.broken.add("new")
    with pytest.raises(ModelDamaged):
        events.result(running.use("new"))
    assert preferences.settings().model_id == ""
    assert room.open == ["old"]


@pytest.mark.parametrize("own", [False, True])
def test_a_model_nobody_asked_for_leaves_the_memory_after_its_minutes(
    running: RunningModels,
    events: EventQueue,
    room: Room,
    engine: Engine,
    stores: Stores,
    preferences: Preferences,
    own: bool,
) -> None:
    settings = EngineSettings(context_tokens=1024, idle_minutes=2)
    if own:
        stores.models.put_choices("old", ModelChoices(engine=settings))
    else:
        preferences.change(replace(preferences.settings(), engine=settings))
    events.result(running.warm())
    assert running.tend() is None
    engine._used_at -= 121
    job = running.tend()
    assert job is not None
    assert list(events.bodies(job)) == [Finished(None)]
    assert room.open == []
    assert running.tend() is None


def test_a_model_is_not_measured_while_other_work_computes(
    running: RunningModels, events: EventQueue, engine: Engine
) -> None:
    events.result(running.warm())
    engine._used_at -= 3600
    assert running.tend() is None


def test_nothing_is_tended_while_the_lane_has_work(
    running: RunningModels,
    events: EventQueue,
    engine: Engine,
    lane: Lane,
    preferences: Preferences,
) -> None:
    settings = replace(preferences.settings().engine, idle_minutes=1)
    preferences.change(replace(preferences.settings(), engine=settings))
    events.result(running.warm())
    engine._used_at -= 3600

    def work(_: object) -> object:
        return running.tend()

    assert events.result(lane.start(work)) is None
