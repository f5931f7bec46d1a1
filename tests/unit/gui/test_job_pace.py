"""A job's pace is told from its bytes, step by step, and not before it can be told."""

from __future__ import annotations

from desktop.domain.models import ImportProgress
from desktop.gui.settings.models.job_pace import JobPace


def test_nothing_is_said_before_half_a_second() -> None:
    now = [10.0]
    pace = JobPace(lambda: now[0])
    progress = ImportProgress("hashing", 0, 1000)
    pace.note(progress)
    now[0] = 10.2
    later = ImportProgress("hashing", 400, 1000)
    pace.note(later)
    assert pace.rate(later) == 0.0
    assert pace.seconds_left(later) is None


def test_rate_and_time_left_are_those_of_the_step() -> None:
    now = [0.0]
    pace = JobPace(lambda: now[0])
    pace.note(ImportProgress("hashing", 0, 1000))
    now[0] = 5.0
    copying = ImportProgress("copying", 100, 1000)  # one that was cut off goes on from here
    pace.note(copying)
    now[0] = 7.0
    later = ImportProgress("copying", 500, 1000)
    pace.note(later)
    assert pace.rate(later) == 200.0
    assert pace.seconds_left(later) == 2.5
