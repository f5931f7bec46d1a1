"""The lock of the embedder is given in the order it was asked for."""

from __future__ import annotations

import threading
import time

from desktop.retrieval.turns import Turns


def test_a_question_waits_for_one_batch_and_not_for_a_folder() -> None:
    turns = Turns()
    batches_done = 0
    working = threading.Event()
    seen: list[int] = []

    def folder() -> None:
        nonlocal batches_done
        for _ in range(40):
            with turns:
                working.set()
                time.sleep(0.01)
                batches_done += 1

    thread = threading.Thread(target=folder)
    thread.start()
    working.wait()
    for _ in range(5):
        before = batches_done
        with turns:
            seen.append(batches_done - before)
    thread.join()
    assert batches_done == 40
    assert max(seen) <= 2


def test_an_error_inside_gives_the_turn_back() -> None:
    turns = Turns()
    try:
        with turns:
            raise ValueError
    except ValueError:
        pass
    with turns:
        pass
