"""Measuring reads as much as it says, every time anew, and lets go of the model."""

from __future__ import annotations

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled
from desktop.domain.models import ModelSpeed, SpeedProgress
from desktop.inference.model_speed import SpeedPlan, measure_speed
from tests.support.scripted_chat_model import ScriptedChatModel


class ClosingModel(ScriptedChatModel):
    """A scripted model that says whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def measured(
    model: ClosingModel, cancel: CancelToken, plan: SpeedPlan
) -> list[SpeedProgress | ModelSpeed]:
    return list(measure_speed(lambda: model, "this one", cancel, plan, lambda: None))


def test_a_measurement_ends_with_the_figures_of_all_runs() -> None:
    model = ClosingModel("and so it goes on " * 100)
    steps = measured(model, CancelToken(), SpeedPlan(200, 40, 5))
    speed = steps[-1]
    assert isinstance(speed, ModelSpeed)
    assert (speed.read_tokens, speed.written_tokens, speed.runs) == (200, 40, 5)
    assert (speed.writing_speed, speed.seconds_to_first_token) == (50.0, 0.1)
    assert speed.machine == "this one"
    assert speed.reading_speed == 2000.0
    assert [step.run for step in steps if isinstance(step, SpeedProgress)] == [0, 1, 2, 3, 4, 5]
    assert model.closed


def test_no_run_begins_like_another_so_nothing_is_found_in_the_cache() -> None:
    model = ClosingModel("so it goes on")
    measured(model, CancelToken(), SpeedPlan(50, 4, 5))
    assert len({prompt.split()[0] for prompt in model.prompts}) == len(model.prompts) == 6


def test_a_small_context_is_measured_with_what_it_holds() -> None:
    model = ClosingModel("so it goes on " * 100, context_tokens=256)
    speed = measured(model, CancelToken(), SpeedPlan())[-1]
    assert isinstance(speed, ModelSpeed)
    assert (speed.read_tokens, speed.written_tokens) == (128, 64)


def test_a_stopped_measurement_leaves_no_figures_and_no_model() -> None:
    model, cancel = ClosingModel("so it goes on " * 100), CancelToken()
    steps = measure_speed(lambda: model, "", cancel, SpeedPlan(64, 16, 5), lambda: None)
    next(steps)
    next(steps)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(steps)
    assert model.closed
