"""A short measurement of what runs a model fastest on this machine.

Pairs of short runs alternate, so that what else the machine does meets both sides alike; a
difference within the noise keeps the default.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import (
    EnginePlan,
    EngineSettings,
    EngineTuning,
    KvCacheType,
    Toggle,
    TuningStep,
)
from desktop.domain.models import ModelEntry
from desktop.inference.devices import machine_name
from desktop.inference.llama_engine import (
    EngineFailed,
    LlamaEngine,
    LoadRequest,
    load_weights,
    open_engine,
)
from desktop.inference.memory_fit import free_memory
from desktop.inference.paired_runs import Measured, wins
from desktop.inference.processor import compute_threads, reading_threads
from desktop.inference.trial_context import TrialContext, divergence

_BUDGET_S = 6.0
_PIECE_S = 0.1
_CONTEXT_TOKENS = 1024
_DEPTH_TOKENS = 128
_PIECES = (2, 32)  # tokens written at a time, at least and at most
_READS = (32, 256)
_BATCHES = (128, 512)
_LARGEST_SECOND_COPY = 1 << 30
_BLOCK = 32  # values that quantized keys and values are kept in
_COMPARED = 8  # next tokens looked at
_SAME = 5e-3  # in nats; computing attention in another order changed the included model by 4e-3


@dataclass(slots=True)
class _Tuner:
    """One measurement while it runs: what has won so far, and how much time is left."""

    engine: LlamaEngine
    settings: EngineSettings
    cancel: CancelToken
    plan: EnginePlan
    ends_at: float
    write_tokens: int = _PIECES[0]
    read_tokens: int = _READS[0]
    writing_speed: float = 0.0
    reading_speed: float = 0.0

    @property
    def late(self) -> bool:
        return time.perf_counter() >= self.ends_at

    def context(self, plan: EnginePlan, model: object = None) -> TrialContext:
        self.cancel.raise_if_cancelled()
        return TrialContext(self.engine.functions, model or self.engine.model, plan, self.cancel)

    def wins(self, challenger: Measured, champion: Measured) -> bool:
        return wins(challenger, champion, self.ends_at)


def tune(
    entry: ModelEntry,
    settings: EngineSettings,
    cancel: CancelToken,
    loaded: LlamaEngine | None = None,
    budget_s: float = _BUDGET_S,
) -> Iterator[TuningStep | EngineTuning]:
    """Measure a model; yields its steps and, last, the `EngineTuning`.

    The weights of `loaded`, the same model in memory, are measured where they lie, in contexts of
    their own; without it they are loaded and let go. What a person fixed in `settings` is not
    measured. After `budget_s` what is left keeps its default. Raises `Cancelled` and what loading
    raises; then nothing has changed.
    """
    if loaded is not None:
        yield from _tuned(loaded, settings, cancel, budget_s)
        return
    small = replace(settings, context_tokens=_CONTEXT_TOKENS)
    engine = open_engine(entry, LoadRequest(small, progress=lambda _: not cancel.cancelled))
    try:
        yield from _tuned(engine, settings, cancel, budget_s)
    finally:
        engine.free()


def _tuned(
    engine: LlamaEngine,
    settings: EngineSettings,
    cancel: CancelToken,
    budget_s: float,
) -> Iterator[TuningStep | EngineTuning]:
    machine = machine_name()
    plan = replace(
        engine.plan,
        context_tokens=min(_CONTEXT_TOKENS, engine.plan.context_tokens),
        kv_type=KvCacheType.F16,
    )
    tuner = _Tuner(engine, settings, cancel, plan, time.perf_counter() + budget_s)
    for at, (name, step) in enumerate(_STEPS):
        yield TuningStep(name, at, len(_STEPS))
        step(tuner)
        cancel.raise_if_cancelled()
    yield TuningStep("", len(_STEPS), len(_STEPS))
    yield _found(tuner, machine)


def _found(tuner: _Tuner, machine: str) -> EngineTuning:
    plan = tuner.plan
    return EngineTuning(
        machine=machine,
        measured_at=time.time(),
        threads=plan.threads,
        reading_threads=plan.reading_threads,
        batch_tokens=plan.batch_tokens,
        flash_attention=plan.flash_attention,
        memory_map=plan.memory_map,
        kv_type=plan.kv_type,
        reading_speed=tuner.reading_speed,
        writing_speed=tuner.writing_speed,
    )


def _gauge(tuner: _Tuner) -> None:
    """How fast the plan is, and so how many tokens make a piece of the right length."""
    with tuner.context(tuner.plan) as trial:
        trial.fill(_READS[0])  # the first run touches pages and makes buffers
        tuner.reading_speed = median(trial.read(tuner.read_tokens) for _ in range(3))
        tuner.writing_speed = median(trial.write(tuner.write_tokens) for _ in range(3))
    tuner.read_tokens = _within(tuner.reading_speed * 2 * _PIECE_S, _READS) // 32 * 32
    tuner.write_tokens = _within(tuner.writing_speed * _PIECE_S, _PIECES)


def _writing_threads(tuner: _Tuner) -> None:
    if tuner.settings.threads or tuner.engine.plan.gpu_layers:
        return
    with tuner.context(tuner.plan) as trial:
        trial.fill(_DEPTH_TOKENS)

        def with_threads(count: int) -> Measured:
            def measured() -> float:
                trial.use_threads(count, tuner.plan.reading_threads)
                return trial.write(tuner.write_tokens)

            return measured

        for count in thread_candidates(compute_threads(), reading_threads()):
            best = tuner.plan.threads
            if count != best and tuner.wins(with_threads(count), with_threads(best)):
                tuner.plan = replace(tuner.plan, threads=count)


def _reading_threads(tuner: _Tuner) -> None:
    fixed = tuner.settings.reading_threads or tuner.settings.threads
    if fixed or tuner.engine.plan.gpu_layers:
        return
    with tuner.context(tuner.plan) as trial:
        trial.fill(_READS[0])

        def with_threads(count: int) -> Measured:
            def measured() -> float:
                trial.use_threads(tuner.plan.threads, count)
                return trial.read(tuner.read_tokens)

            return measured

        for count in {compute_threads(), reading_threads()}:
            best = tuner.plan.reading_threads
            if count != best and tuner.wins(with_threads(count), with_threads(best)):
                tuner.plan = replace(tuner.plan, reading_threads=count)


def thread_candidates(cores: int, threads: int) -> list[int]:
    """Numbers of writing threads worth trying: writing waits for memory, not for arithmetic."""
    return sorted({max(1, cores // 2), max(1, cores * 3 // 4), cores, threads})


def _flash_attention(tuner: _Tuner) -> None:
    if tuner.settings.flash_attention is Toggle.AUTO:
        changed = replace(tuner.plan, flash_attention=not tuner.plan.flash_attention)
        _challenge(tuner, changed, None)


def _batch(tuner: _Tuner) -> None:
    if tuner.settings.batch_tokens:
        return
    for size in _BATCHES:
        # A batch that takes longer than this would hold up the progress that is shown.
        if size > max(_BATCHES[0], tuner.reading_speed) or size > tuner.plan.context_tokens:
            return
        changed = replace(tuner.plan, batch_tokens=size)
        whole = max(size, tuner.plan.batch_tokens)
        try:
            with tuner.context(changed) as rival, tuner.context(tuner.plan) as champion:
                won = tuner.wins(partial(rival.read, whole), partial(champion.read, whole))
        except EngineFailed:
            return
        if won:
            tuner.plan = changed


def _kv_type(tuner: _Tuner) -> None:
    """Eight bits where they are clearly faster and say the same; that is rare on a processor."""
    narrow = any(width % _BLOCK for width in tuner.engine.entry.shape.head_widths)
    if tuner.settings.kv_type is not KvCacheType.AUTO or narrow or tuner.late:
        return
    changed = replace(tuner.plan, kv_type=KvCacheType.Q8_0, flash_attention=True)
    try:
        with tuner.context(changed) as rival, tuner.context(tuner.plan) as champion:
            for trial in (rival, champion):
                trial.fill(_DEPTH_TOKENS)
            if divergence(champion.outputs(_COMPARED), rival.outputs(_COMPARED)) > _SAME:
                return
            written = tuner.write_tokens
            won = tuner.wins(partial(rival.write, written), partial(champion.write, written))
    except EngineFailed:
        return
    if won:
        tuner.plan = changed


def _memory_map(tuner: _Tuner) -> None:
    """Weights read into memory may lie better there than mapped; a second copy must fit."""
    shape, plan = tuner.engine.entry.shape, tuner.plan
    fixed = tuner.settings.memory_map is not Toggle.AUTO or plan.gpu_layers
    room = min(_LARGEST_SECOND_COPY, free_memory("cpu").main_bytes // 2)
    if fixed or tuner.late or not plan.memory_map or shape.weights_bytes > room:
        return
    changed = replace(plan, memory_map=False)
    functions = tuner.engine.functions
    model = load_weights(tuner.engine.entry, changed, lambda _: not tuner.cancel.cancelled)
    try:
        _challenge(tuner, changed, model)
    finally:
        functions.llama_model_free(model)


def _challenge(tuner: _Tuner, changed: EnginePlan, model: object) -> None:
    """Take the change where it writes clearly faster and reads no slower."""
    if tuner.late:
        return
    try:
        with tuner.context(changed, model) as rival, tuner.context(tuner.plan) as champion:
            for trial in (rival, champion):
                trial.fill(_DEPTH_TOKENS)
            written, read = tuner.write_tokens, tuner.read_tokens
            writes = tuner.wins(partial(rival.write, written), partial(champion.write, written))
            slower = tuner.wins(partial(champion.read, read), partial(rival.read, read))
    except EngineFailed:
        return
    if writes and not slower and not tuner.late:
        tuner.plan = changed


def _within(value: float, limits: tuple[int, int]) -> int:
    return max(limits[0], min(limits[1], int(value)))


_STEPS: tuple[tuple[str, Callable[[_Tuner], None]], ...] = (
    ("speed", _gauge),
    ("threads", _writing_threads),
    ("reading threads", _reading_threads),
    ("flash attention", _flash_attention),
    ("batch size", _batch),
    ("context numbers", _kv_type),
    ("memory mapping", _memory_map),
    ("speed", _gauge),
)
