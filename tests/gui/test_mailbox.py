"""Events reach the window in order, in batches, and soon."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from desktop.assistant.events import Event, Finished, JobId
from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.gui.mailbox import Mailbox

_FIRST, _SECOND = JobId(1), JobId(2)


@dataclass(frozen=True, slots=True)
class _Posted:
    number: int
    moment: float


def _collect(mailbox: Mailbox) -> list[Event]:
    arrived: list[Event] = []
    mailbox.arrived.connect(arrived.extend)
    return arrived


def test_neighbouring_pieces_of_one_job_become_one(qtbot: QtBot, mailbox: Mailbox) -> None:
    arrived = _collect(mailbox)
    for text in ("The ", "rent ", "is"):
        mailbox.post(Event(_FIRST, AnswerPiece(text)))
    mailbox.post(Event(_SECOND, AnswerPiece("Other")))
    mailbox.post(Event(_FIRST, AnswerPiece(" due")))
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert [(event.job, event.body) for event in arrived] == [
        (_FIRST, AnswerPiece("The rent is")),
        (_SECOND, AnswerPiece("Other")),
        (_FIRST, AnswerPiece(" due")),
    ]


def test_pieces_that_come_fast_are_shown_together_and_what_follows_does_not_wait(
    qtbot: QtBot, mailbox: Mailbox
) -> None:
    batches: list[list[Event]] = []
    mailbox.arrived.connect(batches.append)
    for number in range(30):
        mailbox.post(Event(_FIRST, AnswerPiece(f"{number} ")))
        qtbot.wait(5)
    mailbox.post(Event(_FIRST, Finished(None)))
    qtbot.waitUntil(lambda: batches[-1][-1].closing)
    assert len(batches) < 20
    events = [event for batch in batches for event in batch]
    text = "".join(event.body.text for event in events if isinstance(event.body, AnswerPiece))
    assert text == "".join(f"{number} " for number in range(30))
    assert [event.closing for event in events].index(True) == len(events) - 1


def test_a_piece_alone_is_shown_at_once(qtbot: QtBot, mailbox: Mailbox) -> None:
    arrived = _collect(mailbox)
    mailbox.post(Event(_FIRST, AnswerPiece("first")))
    qtbot.waitUntil(lambda: len(arrived) == 1)
    mailbox.post(Event(_FIRST, AnswerPiece("second")))
    qtbot.waitUntil(lambda: len(arrived) == 2)


def test_a_closing_event_is_never_joined_or_lost(qtbot: QtBot, mailbox: Mailbox) -> None:
    arrived = _collect(mailbox)
    mailbox.post(Event(_FIRST, AnswerPiece("x")))
    mailbox.post(Event(_FIRST, Finished(None)))
    mailbox.post(Event(_FIRST, AnswerPiece("y")))
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert arrived[1].closing


def test_many_events_from_another_thread_arrive_in_order_and_soon(
    qtbot: QtBot, mailbox: Mailbox
) -> None:
    delays: list[float] = []
    numbers: list[int] = []

    def take(batch: list[Event]) -> None:
        now = time.perf_counter()
        for event in batch:
            assert isinstance(event.body, _Posted)
            numbers.append(event.body.number)
            delays.append(now - event.body.moment)

    mailbox.arrived.connect(take)

    def post() -> None:
        for number in range(20_000):
            mailbox.post(Event(_FIRST, _Posted(number, time.perf_counter())))
            if number % 20 == 0:
                time.sleep(0.0005)

    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(post)
        qtbot.waitUntil(lambda: len(numbers) == 20_000, timeout=30_000)
        posting.result()
    assert numbers == list(range(20_000))
    assert sorted(delays)[len(delays) // 2] < 0.05


def test_the_window_breathes_between_batches(qtbot: QtBot, mailbox: Mailbox) -> None:
    sizes: list[int] = []
    mailbox.arrived.connect(lambda batch: sizes.append(len(batch)))
    for number in range(2_000):
        mailbox.post(Event(_FIRST, PromptRead(number, 2_000)))
    qtbot.waitUntil(lambda: sum(sizes) == 2_000)
    assert len(sizes) >= 4
    assert max(sizes) <= 512


class _Bell(QObject):
    rung = Signal(bool)


def test_five_thousand_emits_leave_the_interpreter_whole(qtbot: QtBot) -> None:
    heard: list[bool] = []
    bell = _Bell()
    bell.rung.connect(heard.append)
    for _ in range(5_000):
        bell.rung.emit(True)
    assert heard == [True] * 5_000


def test_a_closed_mailbox_delivers_nothing_more(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    arrived: list[Event] = []
    mailbox.arrived.connect(arrived.extend)
    mailbox.post(Event(JobId(1), "before"))
    mailbox.close()
    mailbox.post(Event(JobId(1), "after"))
    qtbot.wait(50)
    assert arrived == []
