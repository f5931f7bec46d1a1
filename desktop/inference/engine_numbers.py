"""The numbers a model is run with whatever memory is free: chosen, measured or default."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desktop.domain.engine import EngineSettings, EngineTuning, KvCacheType, Toggle
from desktop.domain.models import ModelEntry, ModelShape
from desktop.inference.memory_needed import copied_bytes
from desktop.inference.processor import compute_threads, reading_threads, repacked

_AUTOMATIC_BATCH = 256
_SMALLEST_BATCH = 32  # below it llama.cpp pads to its own minimum
_LARGEST_BATCH = 4096
_BLOCK = 32  # values that quantized keys and values are kept in
# Below this the noise of a measurement is larger than the gain.
_LOOKUP_PAYS = 1.05


@dataclass(frozen=True, slots=True)
class EngineNumbers:
    """`copies` are the bytes of weights that stand in memory twice."""

    batch_tokens: int
    threads: int
    reading_threads: int
    flash_attention: bool
    memory_map: bool
    kv_type: KvCacheType
    prompt_lookup: bool
    copies: int
    tuned: bool


def engine_numbers(
    entry: ModelEntry, settings: EngineSettings, tuning: EngineTuning | None
) -> EngineNumbers:
    """A person's choice before a measured one, a measured one before the default."""
    kv_type = _kv_type(entry, settings, tuning)
    turned = repacked()
    mapped = tuning.memory_map if tuning else _pays_to_map(entry.shape, turned)
    memory_map = _toggled(settings.memory_map, mapped)
    batch = settings.batch_tokens or (tuning.batch_tokens if tuning else _AUTOMATIC_BATCH)
    threads = settings.threads or (tuning.threads if tuning else 0)
    # Who fixes one number of threads means both, unless the other one is fixed, too.
    reading = settings.reading_threads or settings.threads
    reading = reading or (tuning.reading_threads if tuning else 0)
    return EngineNumbers(
        batch_tokens=max(_SMALLEST_BATCH, min(batch, _LARGEST_BATCH)),
        threads=compute_threads(threads),
        reading_threads=reading_threads(reading),
        # llama.cpp keeps quantized values for flash attention alone.
        flash_attention=_toggled(
            settings.flash_attention, tuning.flash_attention if tuning else True
        )
        or kv_type is not KvCacheType.F16,
        memory_map=memory_map,
        kv_type=kv_type,
        prompt_lookup=_toggled(
            settings.prompt_lookup, tuning is not None and tuning.lookup_ratio >= _LOOKUP_PAYS
        ),
        copies=copied_bytes(entry.shape, turned, memory_map),
        tuned=tuning is not None,
    )


def _pays_to_map(shape: ModelShape, turned: Collection[str]) -> bool:
    return 2 * copied_bytes(shape, turned, memory_map=True) < shape.weights_bytes or not turned


def _kv_type(
    entry: ModelEntry, settings: EngineSettings, tuning: EngineTuning | None
) -> KvCacheType:
    wanted = settings.kv_type
    if wanted is KvCacheType.AUTO:
        wanted = tuning.kv_type if tuning else KvCacheType.F16
    # Heads that do not fill their blocks cannot be kept quantized.
    whole = all(width % _BLOCK == 0 for width in entry.shape.head_widths)
    return wanted if whole and wanted is not KvCacheType.AUTO else KvCacheType.F16


def _toggled(choice: Toggle, otherwise: bool) -> bool:
    return otherwise if choice is Toggle.AUTO else choice is Toggle.ON
