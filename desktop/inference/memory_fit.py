"""Whether a model fits into the memory that is free, and where its layers go: arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import psutil

from desktop.domain.engine import (
    Device,
    EngineSettings,
    EngineTuning,
    FitRemedy,
    KvCacheType,
    MemoryFit,
    MemoryNeeded,
    Toggle,
)
from desktop.domain.models import ModelEntry, ModelShape
from desktop.inference.devices import graphics_in_use, known_devices
from desktop.inference.engine_numbers import EngineNumbers, engine_numbers
from desktop.inference.memory_needed import ContextNumbers, memory_needed

SMALLEST_CONTEXT = 256
LARGEST_CONTEXT = 1 << 20
_AUTOMATIC_CONTEXT = 8192
# From large to small: what is tried where the wanted context does not fit.
_CONTEXTS = tuple(
    context
    for power in range(20, 8, -1)
    for context in ((1 << power) + (1 << (power - 1)), 1 << power)
)
_SMALLEST_AUTOMATIC = 1024
_SMALLEST_USEFUL = 512
# What must stay free beside the model: the window, the children and the system live there.
_SPARE_BYTES = 256 << 20
# What a GPU's own library and its next steps take beside the buffers that llama.cpp counts.
_GPU_SPARE_BYTES = 512 << 20
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class FreeMemory:
    """What a model may take: of main memory, and of each GPU that is to be used."""

    main_bytes: int
    gpus: tuple[Device, ...] = ()

    @property
    def gpu_bytes(self) -> int:
        return sum(max(0, one.memory_free_bytes - _GPU_SPARE_BYTES) for one in self.gpus)

    @property
    def shared(self) -> bool:
        """Whether the GPU computes in main memory: then both parts need room in it."""
        return any(one.shares_main_memory for one in self.gpus)


@dataclass(frozen=True, slots=True)
class Placed:
    """One way to load a model, and what it takes."""

    context: ContextNumbers
    gpu_layers: int
    needed: MemoryNeeded
    gpu_bytes: int
    fits: bool


def free_memory(device: str = "", returned_bytes: int = 0) -> FreeMemory:
    """What is free now, at once; `returned_bytes` come free when another model leaves.

    GPUs are known once llama.cpp has been loaded by a lane; before that there are none here.
    """
    free = psutil.virtual_memory().available + returned_bytes - _SPARE_BYTES
    return FreeMemory(max(0, free), graphics_in_use(device, known_devices()))


def fit(
    entry: ModelEntry,
    settings: EngineSettings,
    free: FreeMemory,
    tuning: EngineTuning | None = None,
    adapter_bytes: int = 0,
) -> MemoryFit:
    """Whether the model fits, with what is chosen automatically, or what would make it fit."""
    placed = place(entry, settings, free, tuning, adapter_bytes)
    return MemoryFit(
        needed=placed.needed,
        free_bytes=free.main_bytes,
        fits=placed.fits,
        context_tokens=placed.context.context_tokens,
        gpu_layers=placed.gpu_layers,
        gpu_bytes=placed.gpu_bytes,
        gpu_free_bytes=free.gpu_bytes,
        remedy=None if placed.fits else _remedy(entry, settings, free, tuning, adapter_bytes),
    )


def place(
    entry: ModelEntry,
    settings: EngineSettings,
    free: FreeMemory,
    tuning: EngineTuning | None = None,
    adapter_bytes: int = 0,
) -> Placed:
    """The best way to load the model that fits, or the one that needs least."""
    numbers = engine_numbers(entry, settings, tuning)
    placed: Placed | None = None
    for context in _contexts(entry, settings, numbers):
        placed = _placed(entry.shape, context, settings, numbers, free, adapter_bytes)
        if placed.fits:
            return placed
    assert placed is not None, "there is always one context to try"
    return placed


def _contexts(
    entry: ModelEntry, settings: EngineSettings, numbers: EngineNumbers
) -> Iterator[ContextNumbers]:
    trained = entry.context_tokens or LARGEST_CONTEXT
    wanted = settings.context_tokens or _AUTOMATIC_CONTEXT
    first = max(SMALLEST_CONTEXT, min(wanted, trained, LARGEST_CONTEXT))
    smaller = (one for one in _CONTEXTS if _SMALLEST_AUTOMATIC <= one < first)
    for context in (first, *(() if settings.context_tokens else smaller)):
        whole = ContextNumbers(
            context,
            min(numbers.batch_tokens, context),
            numbers.kv_type,
            numbers.flash_attention,
        )
        yield whole
        if entry.shape.window_layers:
            yield replace(whole, whole_windows=False)


def _placed(
    shape: ModelShape,
    context: ContextNumbers,
    settings: EngineSettings,
    numbers: EngineNumbers,
    free: FreeMemory,
    adapters: int,
) -> Placed:
    needed = memory_needed(shape, context, copies=numbers.copies, adapters=adapters)
    layers = _gpu_layers(shape, settings, needed, free)
    if not layers:
        return Placed(context, 0, needed, 0, needed.total <= free.main_bytes)
    # Layers on a GPU are not put into another order; what is mapped of them is let go.
    needed = memory_needed(shape, context, adapters=adapters)
    on_gpu = gpu_bytes(shape, needed, layers)
    main = needed.total - on_gpu
    if layers <= shape.layers:  # both sides compute, each with a buffer of its own
        needed = replace(needed, compute=2 * needed.compute)
        main += needed.compute // 2
    else:
        inputs = context.batch_tokens * (context.context_tokens + 2 * shape.embedding_length)
        main += min(needed.compute, inputs * _FLOAT_BYTES)
    in_main = main + on_gpu if free.shared else main
    fits = in_main <= free.main_bytes and on_gpu <= free.gpu_bytes
    return Placed(context, layers, needed, on_gpu, fits)


def gpu_bytes(shape: ModelShape, needed: MemoryNeeded, layers: int) -> int:
    """What lies on the GPUs when the last `layers` are there; the output layer is the first."""
    if layers <= 0:
        return 0
    repeating = min(layers - 1, shape.layers)
    weights = shape.output_bytes + repeating * shape.layer_bytes
    share = repeating / max(1, shape.layers)
    kept = int((needed.kv_cache + needed.adapters) * share)
    return min(weights, shape.weights_bytes) + kept + needed.compute


def _gpu_layers(
    shape: ModelShape,
    settings: EngineSettings,
    needed: MemoryNeeded,
    free: FreeMemory,
) -> int:
    if not free.gpus or settings.gpu_layers == 0 or not shape.layers:
        return 0
    every = shape.layers + 1
    if settings.gpu_layers > 0:
        return min(settings.gpu_layers, every)
    fitting = (n for n in range(every, 0, -1) if gpu_bytes(shape, needed, n) <= free.gpu_bytes)
    return next(fitting, 0)


def _remedy(
    entry: ModelEntry,
    settings: EngineSettings,
    free: FreeMemory,
    tuning: EngineTuning | None,
    adapter_bytes: int,
) -> FitRemedy | None:
    """The first single change with which it fits, the least painful first."""
    if free.gpus and settings.gpu_layers > 0:
        itself = replace(settings, gpu_layers=-1)
        chosen = place(entry, itself, free, tuning, adapter_bytes)
        if chosen.fits and chosen.gpu_layers < settings.gpu_layers:
            return FitRemedy("gpu_layers", chosen.gpu_layers)
    for remedy in _changes(entry, settings):
        changed = with_remedy(settings, remedy)
        if place(entry, changed, free, tuning, adapter_bytes).fits:
            return remedy
    return None


def _changes(entry: ModelEntry, settings: EngineSettings) -> Iterator[FitRemedy]:
    if settings.flash_attention is Toggle.OFF:
        yield FitRemedy("flash_attention", Toggle.ON.value)
    wanted = settings.context_tokens or _SMALLEST_AUTOMATIC
    most = min(wanted, entry.context_tokens or LARGEST_CONTEXT)
    for context in _CONTEXTS:
        if _SMALLEST_AUTOMATIC <= context < most:
            yield FitRemedy("context_tokens", context)
    if settings.kv_type in (KvCacheType.AUTO, KvCacheType.F16):
        yield FitRemedy("kv_type", KvCacheType.Q8_0.value)
    yield FitRemedy("context_tokens", _SMALLEST_USEFUL)


def with_remedy(settings: EngineSettings, remedy: FitRemedy) -> EngineSettings:
    """The settings with that one change."""
    if remedy.setting == "kv_type":
        return replace(settings, kv_type=KvCacheType(str(remedy.value)))
    if remedy.setting == "flash_attention":
        return replace(settings, flash_attention=Toggle(str(remedy.value)))
    if remedy.setting == "gpu_layers":
        return replace(settings, gpu_layers=int(remedy.value))
    return replace(settings, context_tokens=int(remedy.value))
