"""What is compared in measuring a model: threads, drafts, attention, batches, numbers, mapping."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import psutil

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings, KvCacheType, Toggle
from desktop.inference.llama_engine import EngineFailed, LlamaEngine, load_weights
from desktop.inference.lookup_measure import lookup_ratio
from desktop.inference.memory_fit import free_memory
from desktop.inference.paired_runs import Measured, wins
from desktop.inference.processor import compute_threads, reading_threads
from desktop.inference.trial_context import TrialContext, divergence

TRIAL_CONTEXT_TOKENS = 1024
_PIECE_S = 0.07
_LOOK_S, _BUSY_PERCENT = 0.2, 40.0
_DEPTHS = (32, 128)  # how much stands before what is measured
_LOOKUP_S = 30.0
_LOOKUP_TOKENS, _LOOKUP_PROMPT_TOKENS = 24, 230  # what measuring it writes and reads, about
_PIECES = (2, 32)  # tokens written at a time, at least and at most
_READS = (32, 256)
_BATCHES = (128, 512)
# The longest between two steps of the progress that is shown is two seconds; the short pieces that
# are gauged read at two thirds of a batch's speed.
_BATCH_S = 3.0
_LARGEST_SECOND_COPY = 1 << 30
_BLOCK = 32  # values that quantized keys and values are kept in
_COMPARED = 8  # next tokens looked at
_SAME = 5e-3  # in nats; computing attention in another order changed the included model by 4e-3


@dataclass(slots=True)
class Tuner:
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
    lookup_ratio: float = 0.0
    quiet: bool = True  # on a busy machine more threads get more of it, whatever suits the model

    @property
    def late(self) -> bool:
        return time.perf_counter() >= self.ends_at

    def context(self, plan: EnginePlan, model: object = None) -> TrialContext:
        self.cancel.raise_if_cancelled()
        return TrialContext(self.engine.functions, model or self.engine.model, plan, self.cancel)

    def wins(self, challenger: Measured, champion: Measured) -> bool:
        return wins(challenger, champion, self.ends_at)


def _gauge(tuner: Tuner) -> None:
    """How fast the plan is, and so how many tokens make a piece of the right length."""
    tuner.quiet = psutil.cpu_percent(_LOOK_S) < _BUSY_PERCENT
    with tuner.context(tuner.plan) as trial:
        trial.fill(_READS[0])  # the first run touches pages and makes buffers
        tuner.reading_speed = median(trial.read(tuner.read_tokens) for _ in range(3))
        tuner.writing_speed = median(trial.write(tuner.write_tokens) for _ in range(3))
    tuner.read_tokens = _within(tuner.reading_speed * 2 * _PIECE_S, _READS) // 32 * 32
    tuner.write_tokens = _within(tuner.writing_speed * _PIECE_S, _PIECES)
    if not tuner.settings.batch_tokens and tuner.reading_speed * _BATCH_S >= _BATCHES[-1]:
        # Large batches read up to two hundredths faster, less than one measurement can show.
        size = min(_BATCHES[-1], tuner.plan.context_tokens)
        tuner.plan = replace(tuner.plan, batch_tokens=size)


def _writing_threads(tuner: Tuner) -> None:
    if tuner.settings.threads or tuner.engine.plan.gpu_layers or not tuner.quiet:
        return
    reading, tokens = tuner.plan.reading_threads, tuner.write_tokens
    with tuner.context(tuner.plan) as trial:
        trial.fill(_within(tuner.reading_speed, _DEPTHS))

        def with_threads(count: int) -> float:
            trial.use_threads(count, reading)
            return trial.write(tokens)

        for count in thread_candidates(compute_threads(), reading_threads()):
            rival, best = partial(with_threads, count), partial(with_threads, tuner.plan.threads)
            if count != tuner.plan.threads and tuner.wins(rival, best):
                tuner.plan = replace(tuner.plan, threads=count)


def _reading_threads(tuner: Tuner) -> None:
    fixed = tuner.settings.reading_threads or tuner.settings.threads
    if fixed or tuner.engine.plan.gpu_layers or not tuner.quiet:
        return
    writing, tokens = tuner.plan.threads, tuner.read_tokens
    with tuner.context(tuner.plan) as trial:
        trial.fill(_READS[0])

        def with_threads(count: int) -> float:
            trial.use_threads(writing, count)
            return trial.read(tokens)

        for count in {compute_threads(), reading_threads()}:
            best = tuner.plan.reading_threads
            rival, champion = partial(with_threads, count), partial(with_threads, best)
            if count != best and tuner.wins(rival, champion):
                tuner.plan = replace(tuner.plan, reading_threads=count)


def thread_candidates(cores: int, threads: int) -> list[int]:
    """Numbers of writing threads worth trying: writing waits for memory, not for arithmetic."""
    return sorted({max(1, cores // 2), max(1, cores * 3 // 4), cores, threads})


def _prompt_lookup(tuner: Tuner) -> None:
    if tuner.settings.prompt_lookup is not Toggle.AUTO:
        return
    # Worth more than the others, so it may take longer; a large model writes it once.
    once = 2 * _LOOKUP_TOKENS / tuner.writing_speed
    left = _LOOKUP_S - _LOOKUP_PROMPT_TOKENS / tuner.reading_speed
    pairs = min(3, int(left / once))
    if pairs < 1 or tuner.plan.context_tokens < TRIAL_CONTEXT_TOKENS:
        return
    functions, model = tuner.engine.functions, tuner.engine.model
    started = time.perf_counter()
    with tuner.context(tuner.plan) as trial:
        tuner.lookup_ratio = lookup_ratio(functions, model, trial.address, tuner.cancel, pairs)
    tuner.ends_at += time.perf_counter() - started


def _flash_attention(tuner: Tuner) -> None:
    if tuner.settings.flash_attention is Toggle.AUTO:
        changed = replace(tuner.plan, flash_attention=not tuner.plan.flash_attention)
        _challenge(tuner, changed, None)


def _batch(tuner: Tuner) -> None:
    if tuner.settings.batch_tokens:
        return
    for size in _BATCHES:
        # A batch that takes longer than this would hold up the progress that is shown.
        longest = max(_BATCHES[0], int(tuner.reading_speed * _BATCH_S))
        if size == tuner.plan.batch_tokens or size > min(longest, tuner.plan.context_tokens):
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


def _kv_type(tuner: Tuner) -> None:
    """Eight bits where they are clearly faster and say the same; that is rare on a processor."""
    narrow = any(width % _BLOCK for width in tuner.engine.entry.shape.head_widths)
    if tuner.settings.kv_type is not KvCacheType.AUTO or narrow or tuner.late:
        return
    changed = replace(tuner.plan, kv_type=KvCacheType.Q8_0, flash_attention=True)
    try:
        with tuner.context(changed) as rival, tuner.context(tuner.plan) as champion:
            for trial in (rival, champion):
                trial.fill(_within(tuner.reading_speed, _DEPTHS))
            if divergence(champion.outputs(_COMPARED), rival.outputs(_COMPARED)) > _SAME:
                return
            written = tuner.write_tokens
            won = tuner.wins(partial(rival.write, written), partial(champion.write, written))
    except EngineFailed:
        return
    if won:
        tuner.plan = changed


def _memory_map(tuner: Tuner) -> None:
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


def _challenge(tuner: Tuner, changed: EnginePlan, model: object) -> None:
    """Take the change where it writes clearly faster and reads no slower."""
    if tuner.late:
        return
    try:
        with tuner.context(changed, model) as rival, tuner.context(tuner.plan) as champion:
            for trial in (rival, champion):
                trial.fill(_within(tuner.reading_speed, _DEPTHS))
            written, read = tuner.write_tokens, tuner.read_tokens
            writes = tuner.wins(partial(rival.write, written), partial(champion.write, written))
            slower = tuner.wins(partial(champion.read, read), partial(rival.read, read))
    except EngineFailed:
        return
    if writes and not slower and not tuner.late:
        tuner.plan = changed


def _within(value: float, limits: tuple[int, int]) -> int:
    return max(limits[0], min(limits[1], int(value)))


STEPS: tuple[tuple[str, Callable[[Tuner], None]], ...] = (
    ("speed", _gauge),
    ("threads", _writing_threads),
    ("reading threads", _reading_threads),
    ("prompt lookup", _prompt_lookup),
    ("flash attention", _flash_attention),
    ("batch size", _batch),
    ("context numbers", _kv_type),
    ("memory mapping", _memory_map),
    ("speed", _gauge),
)
