"""How a model will be loaded: every number checked before llama.cpp sees it."""

from __future__ import annotations

from desktop.domain.engine import Device, EnginePlan, EngineSettings, EngineTuning
from desktop.domain.model_errors import ModelDoesNotFit
from desktop.domain.models import ModelEntry
from desktop.inference.engine_numbers import engine_numbers
from desktop.inference.memory_fit import FreeMemory, Placed, fit, place

_PROCESSOR = "CPU"


def make_plan(
    entry: ModelEntry,
    settings: EngineSettings,
    free: FreeMemory,
    tuning: EngineTuning | None = None,
    adapter_bytes: int = 0,
) -> EnginePlan:
    """The plan that fits; raises `ModelDoesNotFit` with the setting that would make it fit."""
    placed = place(entry, settings, free, tuning, adapter_bytes)
    if not placed.fits:
        raise _refused(entry, settings, free, tuning, adapter_bytes)
    numbers = engine_numbers(entry, settings, tuning)
    return EnginePlan(
        context_tokens=placed.context.context_tokens,
        batch_tokens=placed.context.batch_tokens,
        threads=numbers.threads,
        reading_threads=numbers.reading_threads,
        gpu_layers=placed.gpu_layers,
        all_layers=entry.shape.layers + 1,
        device=_devices_named(free.gpus) if placed.gpu_layers else _PROCESSOR,
        flash_attention=numbers.flash_attention,
        memory_map=numbers.memory_map,
        kv_type=numbers.kv_type,
        prompt_lookup=numbers.prompt_lookup,
        memory=placed.needed,
        tuned=numbers.tuned,
        fell_back=_why_not_on_gpu(settings, free, placed),
        whole_windows=placed.context.whole_windows,
    )


def _refused(
    entry: ModelEntry,
    settings: EngineSettings,
    free: FreeMemory,
    tuning: EngineTuning | None,
    adapter_bytes: int,
) -> ModelDoesNotFit:
    found = fit(entry, settings, free, tuning, adapter_bytes)
    remedy = found.remedy
    main = found.needed.total - found.gpu_bytes
    # The side that is too small is the one to name.
    on_gpu = found.gpu_bytes > found.gpu_free_bytes
    needed = found.gpu_bytes if on_gpu else main
    return ModelDoesNotFit(
        entry.name,
        needed,
        found.gpu_free_bytes if on_gpu else found.free_bytes,
        remedy.setting if remedy else "",
        remedy.value if remedy else "",
    )


def _why_not_on_gpu(settings: EngineSettings, free: FreeMemory, placed: Placed) -> str:
    if placed.gpu_layers or settings.gpu_layers == 0 or settings.device.lower() == "cpu":
        return ""
    if settings.device and not free.gpus:
        return f"there is no device {settings.device[:60]} here"
    if free.gpus:
        names = _devices_named(free.gpus)
        return f"{names} has too little free memory for a layer of this model"
    return ""


def _devices_named(gpus: tuple[Device, ...]) -> str:
    return " + ".join(one.name for one in gpus)
