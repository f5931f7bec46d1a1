"""How fast a chat model reads and writes on this machine, and what memory it takes."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import psutil

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SamplerSettings
from desktop.domain.models import ModelSpeed, SpeedProgress
from desktop.inference.chat_model import ChatModel, Prompt, PromptPart, StreamEnd
from desktop.inference.llama_library import open_library

_WORDS = (
    "The tenant keeps the rooms in good order and tells the landlord of any damage at once so that "
    "it can be mended before winter comes to the valley"
).split()
_MOST_WORDS = 4096


@dataclass(frozen=True, slots=True)
class SpeedPlan:
    """How much is read and written, how often."""

    read_tokens: int = 512
    written_tokens: int = 128
    runs: int = 5


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run showed."""

    read_tokens: int
    written_tokens: int
    first_token_seconds: float
    writing_speed: float

    @property
    def reading_speed(self) -> float:
        # Up to the first token, because only drawing it waits for a GPU to be done with reading.
        seconds = self.first_token_seconds
        return self.read_tokens / seconds if seconds > 0 else 0.0


def settle_memory() -> None:
    """Bring this process to the memory it has without a model.

    The library stays in memory, so what it takes is not the model's. What others freed goes back
    now, or it would go while the model grows, and hide that.
    """
    open_library().return_memory()


def measure_speed(
    load: Callable[[], ChatModel],
    machine: str,
    cancel: CancelToken,
    plan: SpeedPlan = SpeedPlan(),
    prepare: Callable[[], None] = settle_memory,
) -> Iterator[SpeedProgress | ModelSpeed]:
    """Load a model, measure it, close it; yields progress and, last, the `ModelSpeed`.

    `machine` is kept in the result. Memory is what this process grew by: nothing else may load
    beside it. Raises what `load` raises, and `Cancelled`.
    """
    prepare()
    before, started = _resident_bytes(), time.perf_counter()
    model = load()
    try:
        loaded = time.perf_counter() - started
        plan = _fitted(plan, model.context_tokens)
        yield SpeedProgress(0, plan.runs)
        # Pages are touched and buffers made by the first run, which is not counted.
        _run(model, SpeedPlan(16, 8, 1), 0, cancel)
        runs: list[_Run] = []
        while len(runs) < plan.runs:
            runs.append(_run(model, plan, len(runs) + 1, cancel))
            last = runs[-1]
            yield SpeedProgress(len(runs), plan.runs, last.reading_speed, last.writing_speed)
        grown = max(0, _resident_bytes() - before)
        yield replace(_medians(runs), machine=machine, memory_bytes=grown, load_seconds=loaded)
    finally:
        model.close()


def _medians(runs: Sequence[_Run]) -> ModelSpeed:
    return ModelSpeed(
        reading_speed=median(run.reading_speed for run in runs),
        writing_speed=median(run.writing_speed for run in runs),
        seconds_to_first_token=median(run.first_token_seconds for run in runs),
        memory_bytes=0,
        measured_at=time.time(),
        machine="",
        read_tokens=round(median(run.read_tokens for run in runs)),
        written_tokens=round(median(run.written_tokens for run in runs)),
        runs=len(runs),
    )


def _run(model: ChatModel, plan: SpeedPlan, number: int, cancel: CancelToken) -> _Run:
    prompt = _prompt(model, plan.read_tokens, number)
    sampler = SamplerSettings(max_tokens=plan.written_tokens, seed=number)
    end: StreamEnd | None = None
    for event in model.stream(prompt, sampler, cancel):
        if isinstance(event, StreamEnd):
            end = event
    assert end is not None, "a stream closes with its end"
    cancel.raise_if_cancelled()
    return _Run(
        read_tokens=end.prompt_tokens - end.cached_tokens,
        written_tokens=end.completion_tokens,
        first_token_seconds=end.seconds_to_first_token,
        writing_speed=end.tokens_per_second,
    )


def _prompt(model: ChatModel, tokens: int, number: int) -> Prompt:
    """Plain text of as many tokens as nearly as words allow.

    Each has a beginning of its own, so that nothing is left of it in the cache; running text
    without a question goes on for as long as one lets it.
    """

    def of(words: int) -> Prompt:
        text = " ".join((_WORDS * (words // len(_WORDS) + 1))[:words])
        return Prompt((PromptPart(f"{number}{number} {text}", trusted=False),))

    words = bisect_left(
        range(_MOST_WORDS), tokens, key=lambda count: model.prompt_tokens(of(count))
    )
    return of(words)


def _fitted(plan: SpeedPlan, context_tokens: int) -> SpeedPlan:
    """A plan that a small context holds: half of it read, a quarter written."""
    return SpeedPlan(
        min(plan.read_tokens, context_tokens // 2),
        min(plan.written_tokens, context_tokens // 4),
        plan.runs,
    )


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)
