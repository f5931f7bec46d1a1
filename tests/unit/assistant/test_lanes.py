"""A lane runs one job after another and ends each with exactly one closing event."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future

import pytest

from desktop.assistant.events import Broken, Failed, Finished, JobId, Stopped
from desktop.assistant.lanes import Crews, Jobs, Lane
from desktop.assistant.waiting import EventQueue, JobBroke
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled, EmptyFile


@pytest.fixture
def events() -> EventQueue:
    return EventQueue()


@pytest.fixture
def jobs(events: EventQueue) -> Jobs:
    return Jobs(events.post)


@pytest.fixture
def lane(jobs: Jobs) -> Iterator[Lane]:
    lane = Lane("test", jobs)
    yield lane
    jobs.cancel_all()
    lane.close()


def counting(until: int) -> Generator[object, None, object]:
    yield from range(until)
    return "counted"


def waiting_for(token: CancelToken) -> Generator[object, None, object]:
    yield "waiting"
    while True:
        token.raise_if_cancelled()


def test_yields_become_events_in_order_and_the_value_closes(lane: Lane, events: EventQueue) -> None:
    job = lane.start(lambda _: counting(3))
    assert list(events.bodies(job)) == [0, 1, 2, Finished("counted")]


def test_a_plain_value_closes_at_once(lane: Lane, events: EventQueue) -> None:
    assert events.result(lane.start(lambda _: 7)) == 7


def test_cancelling_a_running_job_closes_it_as_stopped(
    lane: Lane, jobs: Jobs, events: EventQueue
) -> None:
    job = lane.start(waiting_for)
    bodies = events.bodies(job)
    assert next(bodies) == "waiting"
    jobs.cancel(job)
    assert list(bodies) == [Stopped()]


def test_a_job_cancelled_while_it_waits_its_turn_never_runs(
    lane: Lane, jobs: Jobs, events: EventQueue
) -> None:
    ran: list[bool] = []
    gate = threading.Event()
    first = lane.start(lambda _: gate.wait(10))
    second = lane.start(lambda _: ran.append(True))
    jobs.cancel(second)
    gate.set()
    assert events.result(first) is True
    with pytest.raises(Cancelled):
        events.result(second)
    assert ran == []


def test_a_known_error_closes_as_failed_and_the_lane_goes_on(
    lane: Lane, events: EventQueue
) -> None:
    def fail(_: CancelToken) -> object:
        raise EmptyFile("/folder/empty.pdf")

    closing = list(events.bodies(lane.start(fail)))[-1]
    assert isinstance(closing, Failed)
    assert isinstance(closing.error, EmptyFile)
    assert events.result(lane.start(lambda _: "next")) == "next"


def test_a_bug_closes_as_broken_with_its_report_and_the_lane_goes_on(
    lane: Lane, events: EventQueue, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        closing = list(events.bodies(lane.start(lambda _: 1 / 0)))[-1]
    assert isinstance(closing, Broken)
    assert "ZeroDivisionError" in closing.report
    with pytest.raises(JobBroke):
        events.result(lane.start(lambda _: int("no number")))
    assert events.result(lane.start(lambda _: "next")) == "next"


def test_jobs_of_one_lane_never_overlap(lane: Lane, events: EventQueue) -> None:
    running: list[int] = []
    most: list[int] = []

    def work(_: CancelToken) -> object:
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.005)
        running.pop()
        return None

    for job in [lane.start(work) for _ in range(10)]:
        events.result(job)
    assert max(most) == 1


def test_work_that_gives_way_is_stopped_by_the_next_work_and_by_no_other_of_its_kind(
    lane: Lane, events: EventQueue
) -> None:
    yielding = lane.start(waiting_for, gives_way=True)
    bodies = events.bodies(yielding)
    assert next(bodies) == "waiting"
    behind = lane.start(lambda _: counting(1), gives_way=True)
    assert lane.start(lambda _: counting(1)) is not None
    assert list(bodies) == [Stopped()]
    assert list(events.bodies(behind)) == [Stopped()]


def test_work_that_gives_way_runs_to_its_end_where_nothing_else_is_asked_for(
    lane: Lane, events: EventQueue
) -> None:
    first = lane.start(lambda _: counting(2), gives_way=True)
    second = lane.start(lambda _: counting(2), gives_way=True)
    assert events.result(first) == events.result(second) == "counted"


def test_a_lane_is_idle_when_its_last_job_has_said_its_end(
    lane: Lane, jobs: Jobs, events: EventQueue
) -> None:
    assert lane.idle
    job = lane.start(waiting_for)
    assert not lane.idle
    jobs.cancel(job)
    assert list(events.bodies(job))[-1] == Stopped()
    assert lane.idle


def test_what_is_started_on_a_closed_lane_is_stopped(jobs: Jobs, events: EventQueue) -> None:
    lane = Lane("closed", jobs)
    lane.close()
    assert list(events.bodies(lane.start(lambda _: "never"))) == [Stopped()]


def test_work_says_things_from_within_calls_that_cannot_yield(
    lane: Lane, events: EventQueue
) -> None:
    def work(_: CancelToken) -> str:
        lane.say("half")
        return "whole"

    assert list(events.bodies(lane.start(work))) == ["half", Finished("whole")]


def test_cancelling_an_unknown_or_finished_job_does_nothing(
    lane: Lane, jobs: Jobs, events: EventQueue
) -> None:
    job = lane.start(lambda _: "done")
    assert events.result(job) == "done"
    jobs.cancel(job)
    jobs.cancel(JobId(999))


def test_a_crews_workers_work_at_the_same_time_and_hand_back_values_and_errors() -> None:
    crews = Crews()
    crew = crews.open("crew", 2)
    came: queue.SimpleQueue[Future[int]] = queue.SimpleQueue()
    both_there = threading.Barrier(2, timeout=10)
    for number in (1, 0):

        def work(number: int = number) -> int:
            both_there.wait()
            return 6 // number

        crew.start(work, came.put)
    done = [came.get(timeout=10), came.get(timeout=10)]
    crew.close()
    crews.close()
    values = [one.result() for one in done if one.exception() is None]
    assert values == [6]
    assert sum(isinstance(one.exception(), ZeroDivisionError) for one in done) == 1


def test_a_closed_crew_forgets_what_had_not_begun_and_its_workers_stay_for_the_next_job() -> None:
    crews = Crews()
    crew = crews.open("crew", 1)
    gate, ran = threading.Event(), []
    crew.start(lambda: gate.wait(10), lambda _: None)
    for at in range(5):
        crew.start(lambda at=at: ran.append(at), lambda _: None)  # type: ignore[misc]
    threading.Timer(0.05, gate.set).start()
    crew.close()
    assert ran == []
    # The same worker serves the next job: a child that it started lives on with it.
    before = [one.ident for one in threading.enumerate() if one.name.startswith("crew")]
    done = threading.Event()
    crews.open("crew", 1).start(lambda: ran.append(9), lambda _: done.set())
    assert done.wait(10)
    assert [one.ident for one in threading.enumerate() if one.name.startswith("crew")] == before
    crews.close()
    assert ran == [9]
    assert not [one for one in threading.enumerate() if one.name.startswith("crew")]
