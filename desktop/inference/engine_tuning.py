"""A short measurement of what runs a model fastest on this machine.

Pairs of short runs alternate, so that what else the machine does meets both sides alike; a
difference within the noise keeps the default. Threads are compared on a quiet machine alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, EngineTuning, KvCacheType, Toggle, TuningStep
from desktop.domain.model_errors import ModelDoesNotFit
from desktop.domain.models import ModelEntry
from desktop.inference.devices import machine_name
from desktop.inference.engine_numbers import engine_numbers
from desktop.inference.llama_engine import EngineFailed, LlamaEngine, LoadRequest, open_engine
from desktop.inference.memory_fit import free_memory
from desktop.inference.tuning_steps import STEPS, TRIAL_CONTEXT_TOKENS, Tuner

_BUDGET_S = 4.0


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
    measured. After `budget_s`, drafts from the prompt not counted, what is left keeps its default.
    Raises `Cancelled` and what loading raises; then nothing has changed.
    """
    if loaded is not None:
        yield from _tuned(loaded, settings, cancel, budget_s)
        return
    small = replace(settings, context_tokens=TRIAL_CONTEXT_TOKENS)
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
        context_tokens=min(TRIAL_CONTEXT_TOKENS, engine.plan.context_tokens),
        kv_type=KvCacheType.F16,
    )
    tuner = Tuner(engine, settings, cancel, plan, time.perf_counter() + budget_s)
    for at, (name, step) in enumerate(STEPS):
        yield TuningStep(name, at, len(STEPS))
        try:
            step(tuner)
        except EngineFailed as error:
            free = free_memory("cpu").main_bytes
            raise ModelDoesNotFit(engine.entry.name, engine.plan.memory.total, free) from error
        cancel.raise_if_cancelled()
    yield TuningStep("", len(STEPS), len(STEPS))
    yield _found(tuner, machine)


def _found(tuner: Tuner, machine: str) -> EngineTuning:
    plan, settings = tuner.plan, tuner.settings
    # What a person fixed was not measured: once it is left to Carrel again, the default holds.
    plain = engine_numbers(tuner.engine.entry, EngineSettings(), None)
    reading_fixed = settings.reading_threads or settings.threads
    flash_fixed = settings.flash_attention is not Toggle.AUTO
    map_fixed = settings.memory_map is not Toggle.AUTO
    return EngineTuning(
        machine=machine,
        measured_at=time.time(),
        threads=plain.threads if settings.threads else plan.threads,
        reading_threads=plain.reading_threads if reading_fixed else plan.reading_threads,
        batch_tokens=plain.batch_tokens if settings.batch_tokens else plan.batch_tokens,
        flash_attention=plain.flash_attention if flash_fixed else plan.flash_attention,
        memory_map=plain.memory_map if map_fixed else plan.memory_map,
        kv_type=plan.kv_type,
        reading_speed=tuner.reading_speed,
        writing_speed=tuner.writing_speed,
        lookup_ratio=tuner.lookup_ratio,
    )
