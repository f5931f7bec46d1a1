"""Writing through the whole window beside llama.cpp's own benchmark, in turns.

    python -m tests.bench.bench_window_speed LLAMA_BENCH [PAIRS]

Both write as many tokens behind as many others, with the same threads. The window draws every
word meanwhile. `carrel bench engine` measures the same without a window.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.bench.llama_bench import LlamaBench
from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.engine import SamplerSettings, Toggle
from desktop.gui.qt_setup import create_application
from desktop.inference.included_models import included_chat_model
from tests.bench.bench_window import Desk, wait_until

WORDS = "The quick brown fox jumps over the lazy dog, and the dog does not mind. "


def run(app: QApplication, data: Path, llama_bench: Path, pairs: int) -> list[tuple[float, float]]:
    """Tokens a second through the window and by llama-bench, pair by pair."""
    found: list[tuple[float, float]] = []
    with Desk.open(app, data) as desk:
        preferences, running = desk.assistant.preferences, desk.assistant.models.running
        sampler = SamplerSettings(temperature=0.8, max_tokens=129)
        settings = preferences.settings()
        changed = replace(settings, answers=replace(settings.answers, sampler=sampler))
        # llama-bench writes token by token; drafts are measured by `carrel bench engine`.
        engine = replace(settings.engine, prompt_lookup=Toggle.OFF)
        preferences.change(replace(changed, engine=engine))
        for job in (running.warm(), running.tune(included_chat_model().id)):
            wait_until(lambda job=job: desk.ended(job))  # type: ignore[misc]
        plan = running.plan()
        assert plan is not None
        yardstick = LlamaBench(llama_bench, included_chat_model().path, plan)
        answered(desk, 0)  # not counted: fonts are loaded and pages touched by the first
        for at in range(pairs):
            figures = answered(desk, at + 1).figures
            speed = yardstick.writing_speed(
                max(figures.completion_tokens - 1, 1), figures.prompt_tokens
            )
            found.append((figures.tokens_per_second, speed))
            print(f"  {found[-1][0]:7.1f} {speed:7.1f}  {found[-1][0] / speed:.3f}", flush=True)
    return found


def answered(desk: Desk, number: int) -> Answer:
    """Ask in a new chat, and run the window's loop until the answer stands."""
    desk.forget()
    chat = desk.window.places.chat
    chat.new_conversation()
    chat.ask(f"{number}. {WORDS * 24}\nTell a very long story of {number} foxes.")
    started, drawn = time.perf_counter(), time.thread_time()
    wait_until(lambda: desk.answer() is not None)
    answer = desk.answer()
    assert answer is not None and answer.mode is AnswerMode.MODEL_ONLY
    share = (time.thread_time() - drawn) / (time.perf_counter() - started)
    print(f"  {answer.figures.completion_tokens} tokens, the window's thread {share:.0%} busy")
    return answer


def main(arguments: list[str]) -> None:
    app = create_application(["carrel"])
    with tempfile.TemporaryDirectory(prefix="carrel-speed-") as folder:
        pairs = run(app, Path(folder), Path(arguments[0]), int((arguments[1:] or ["5"])[0]))
    ratios = [through / yardstick for through, yardstick in pairs]
    print(f"through the window {statistics.median(ratios):.3f} of llama-bench (median)")


if __name__ == "__main__":
    main(sys.argv[1:])
