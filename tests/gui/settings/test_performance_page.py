"""The page of performance shows what was measured, and what holds for every model."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.assistant.events import Event, Finished
from desktop.gui.model_tend import ModelTend
from desktop.gui.settings.performance_page import PerformancePage
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.widgets.labels import Label
from tests.screens.content import fill
from tests.support.view_stage import Stage


@pytest.fixture
def page(stage: Stage) -> PerformancePage:
    fill(stage.assistant)
    made = PerformancePage(stage.assistant, stage.theme)
    stage.show(made, 900, 800)
    return made


def row_of(page: PerformancePage, name: str) -> SettingRow:
    return next(row for row in page.rows if row.path[-1] == name)


def words_of(page: PerformancePage) -> list[str]:
    return [label.text() for label in page.findChildren(Label) if not label.isHidden()]


def test_the_plan_of_the_model_in_memory_is_shown(page: PerformancePage) -> None:
    words = words_of(page)
    assert "Qwen3 4B Instruct" in words
    assert "1 writing, 2 reading" in words
    assert "Automatic: 256 tokens" in words
    assert not row_of(page, "gpu_layers").control.isEnabled()


def test_figures_come_when_they_are_measured(stage: Stage, page: PerformancePage) -> None:
    assert page.figures is not None
    stage.qtbot.keyClick(page.figures.tune, Qt.Key.Key_Space)
    stage.qtbot.waitUntil(lambda: any("reading 305" in each for each in words_of(page)))
    assert page.figures.tune.isEnabled()


def test_a_measurement_under_way_cannot_be_begun_twice(stage: Stage, page: PerformancePage) -> None:
    stage.desk.hold = True
    assert page.figures is not None
    stage.qtbot.keyClick(page.figures.measure, Qt.Key.Key_Space)
    assert not page.figures.tune.isEnabled()
    assert len(stage.desk.open_jobs) == 1


def test_a_value_for_all_models_is_in_force_at_once(stage: Stage, page: PerformancePage) -> None:
    row = row_of(page, "idle_minutes")
    stage.qtbot.keyClick(row.control, Qt.Key.Key_Right)
    stage.qtbot.waitUntil(lambda: stage.desk.settings.engine.idle_minutes == 5)
    row = row_of(page, "threads")
    stage.qtbot.keyClick(row.control, Qt.Key.Key_Right)
    stage.qtbot.waitUntil(lambda: stage.desk.settings.engine.threads == 2)


def test_without_a_model_in_memory_the_page_says_so(stage: Stage, page: PerformancePage) -> None:
    stage.desk.current = ""
    page.refresh()
    assert "No model is in memory." in words_of(page)
    assert page.figures is None


def test_models_are_tended_at_a_quiet_pace_one_look_at_a_time(stage: Stage) -> None:
    tend = ModelTend(stage.assistant)
    stage.desk.hold = True
    tend.look()
    tend.look()
    assert len(stage.desk.open_jobs) == 1
    [job] = stage.desk.open_jobs
    tend.show_event(Event(job, Finished(())))
    assert tend._next_look.isActive()
    tend.stop()
    assert not tend._next_look.isActive()
