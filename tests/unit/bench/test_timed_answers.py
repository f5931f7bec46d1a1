"""What the engine's bench takes from the application's events, and what it asks of llama-bench."""

from __future__ import annotations

import stat
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from desktop.assistant.events import Finished
from desktop.bench.llama_bench import LlamaBench
from desktop.bench.timed_answers import stop_seconds, timed_answer
from desktop.domain.answers import Answer, AnswerFigures, AnswerMode, AnswerPiece, PromptRead
from desktop.domain.engine import EnginePlan, KvCacheType, MemoryNeeded


class Scripted:
    """Says what it is given, at the seconds it is given; a stop ends it half a second later."""

    def __init__(self, said: Sequence[tuple[float, object]]) -> None:
        self._said = said
        self._stopped = False

    def ask(self, question: str) -> Iterator[tuple[float, object]]:
        for at, body in self._said:
            if self._stopped:
                yield time.perf_counter() + 0.5, Finished(answer(2, stopped=True))
                return
            yield at, body

    def stop(self) -> None:
        self._stopped = True


def answer(completion_tokens: int, stopped: bool = False) -> Answer:
    figures = AnswerFigures(prompt_tokens=500, completion_tokens=completion_tokens)
    return Answer("Text.", AnswerMode.MODEL_ONLY, "model", figures=figures, stopped=stopped)


READ = [(10.0, PromptRead(100, 500)), (11.0, PromptRead(300, 500)), (12.0, PromptRead(500, 500))]
WRITTEN = [(12.1 + 0.1 * at, AnswerPiece("word ")) for at in range(11)]
CLOSED = [(13.2, Finished(answer(11)))]


def test_reading_and_writing_are_timed_between_events() -> None:
    timed = timed_answer(Scripted([*READ, *WRITTEN, *CLOSED]), "?")
    assert timed.reading_speed == pytest.approx(200.0)
    assert timed.writing_speed == pytest.approx(10.0)
    assert (timed.prompt_tokens, timed.completion_tokens) == (500, 11)


def test_a_stop_is_timed_from_the_press_to_the_end_of_the_job() -> None:
    for writing in (False, True):
        seconds = stop_seconds(Scripted([*READ, *WRITTEN, *CLOSED]), "?", 0.01, writing)
        assert seconds is not None
        assert 0.4 < seconds < 0.6


def test_a_stop_that_came_after_the_end_is_not_counted() -> None:
    assert stop_seconds(Scripted([*READ[:1], *CLOSED]), "?", 0.0, True) is None
    assert stop_seconds(Scripted([*CLOSED]), "?", 0.0, False) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for the program")
def test_llama_bench_is_asked_for_the_same_threads_depth_and_cache(tmp_path: Path) -> None:
    program, asked = tmp_path / "llama-bench", tmp_path / "asked"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\necho \'[{{"avg_ts": 95.5}}]\'\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    plan = EnginePlan(
        context_tokens=8192,
        batch_tokens=256,
        threads=1,
        reading_threads=2,
        gpu_layers=0,
        all_layers=31,
        device="CPU",
        flash_attention=True,
        memory_map=True,
        kv_type=KvCacheType.F16,
        prompt_lookup=False,
        memory=MemoryNeeded(1, 1, 1),
    )
    bench = LlamaBench(program, "model.gguf", plan)
    assert bench.writing_speed(128, 512) == 95.5
    assert bench.reading_speed(500) == 95.5
    writing, reading = asked.read_text().splitlines()
    assert "-t 1 -ngl 0 -fa 1 -ctk f16 -ctv f16 -p 0 -n 128 -d 512" in writing
    assert "-t 2 -ngl 0 -fa 1 -ctk f16 -ctv f16 -p 500 -n 0" in reading
