"""What fits, what is chosen so that it fits, and what would make it fit: arithmetic alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain.engine import EngineSettings, FitRemedy, KvCacheType, Toggle
from desktop.domain.models import ModelShape
from desktop.inference.memory_fit import fit, gpu_bytes, place, with_remedy
from desktop.inference.memory_needed import (
    ContextNumbers,
    buffer_bytes,
    copied_bytes,
    kv_bytes,
    memory_needed,
)
from tests.unit.inference.loading_cases import EIGHT_BILLION, GIB, WINDOWED, free, gpu, model

AUTO = EngineSettings()


def test_keys_and_values_are_counted_for_each_place_layer_and_key_head() -> None:
    whole = kv_bytes(EIGHT_BILLION, ContextNumbers(8192, 256))
    assert whole == 8192 * 32 * 8 * (128 + 128) * 2
    assert kv_bytes(EIGHT_BILLION, ContextNumbers(8000, 256)) == whole  # rounded up to 8,192
    eight_bits = ContextNumbers(8192, 256, KvCacheType.Q8_0)
    assert kv_bytes(EIGHT_BILLION, eight_bits) == whole * 34 // 64


def test_a_window_keeps_a_layers_cache_small() -> None:
    whole = kv_bytes(WINDOWED, ContextNumbers(32_768, 256))
    short = kv_bytes(WINDOWED, ContextNumbers(32_768, 256, whole_windows=False))
    places = 32_768 * WINDOWED.kv_values + 1280 * WINDOWED.window_kv_values
    assert short == 2 * places
    assert short < whole / 4


def test_without_flash_attention_the_buffers_grow_with_the_context() -> None:
    plain = ContextNumbers(8192, 256, flash_attention=False)
    with_it = memory_needed(EIGHT_BILLION, replace(plain, flash_attention=True)).compute
    assert memory_needed(EIGHT_BILLION, plain).compute > 4 * with_it


# What llama.cpp states for its buffer, in MiB: shape, context, batch, flash attention.
STATED = [
    (EIGHT_BILLION, 512, 256, True, 58.26),
    (EIGHT_BILLION, 8192, 256, True, 62.01),
    (EIGHT_BILLION, 8192, 256, False, 286.0),
    (EIGHT_BILLION, 32_768, 1024, True, 296.02),
    (EIGHT_BILLION, 32_768, 1024, False, 4312.02),
    (WINDOWED, 8192, 256, True, 47.51),
    (WINDOWED, 32_768, 1024, True, 286.04),
    (WINDOWED, 32_768, 1024, False, 1342.02),
]


@pytest.mark.parametrize(("shape", "context", "batch", "flash", "stated"), STATED)
def test_buffers_are_as_large_as_llama_states_them(
    shape: ModelShape, context: int, batch: int, flash: bool, stated: float
) -> None:
    numbers = ContextNumbers(context, batch, flash_attention=flash)
    assert 0.95 < buffer_bytes(shape, numbers) / (1 << 20) / stated < 1.05


def test_the_context_is_8192_at_most_unless_it_is_asked_for() -> None:
    assert fit(model(), AUTO, free(64)).context_tokens == 8192
    assert fit(model(context=2048), AUTO, free(64)).context_tokens == 2048
    asked = fit(model(), EngineSettings(context_tokens=65_536), free(64))
    assert asked.context_tokens == 65_536
    assert fit(model(), EngineSettings(context_tokens=10**9), free(640)).context_tokens == 131_072


def test_the_automatic_context_shrinks_until_it_fits() -> None:
    found = fit(model(), AUTO, free(5.2))
    assert found.fits
    assert 1024 <= found.context_tokens < 8192
    assert found.needed.total <= found.free_bytes
    larger = memory_needed(EIGHT_BILLION, ContextNumbers(2 * found.context_tokens, 256))
    assert larger.total > found.free_bytes


def test_windows_are_kept_short_before_the_context_shrinks() -> None:
    roomy = place(model(WINDOWED), AUTO, free(8))
    tight = place(model(WINDOWED), AUTO, free(2.9))
    assert roomy.context.whole_windows
    assert tight.fits and tight.context.context_tokens == 8192
    assert not tight.context.whole_windows


@pytest.mark.parametrize(
    ("settings", "main", "remedy"),
    [
        (EngineSettings(context_tokens=131_072), 9.0, "context_tokens"),
        (EngineSettings(context_tokens=8192, flash_attention=Toggle.OFF), 5.75, "flash_attention"),
        (EngineSettings(context_tokens=1024), 4.75, "kv_type"),
    ],
)
def test_a_refusal_names_the_setting_with_which_it_would_fit(
    settings: EngineSettings, main: float, remedy: str
) -> None:
    found = fit(model(), settings, free(main))
    assert not found.fits
    assert found.needed.total > found.free_bytes
    assert found.remedy is not None and found.remedy.setting == remedy
    assert fit(model(), with_remedy(settings, found.remedy), free(main)).fits


def test_the_largest_context_that_fits_is_named() -> None:
    found = fit(model(), EngineSettings(context_tokens=131_072), free(9))
    assert found.remedy == FitRemedy("context_tokens", 32_768)


def test_where_nothing_helps_no_remedy_is_named() -> None:
    assert fit(model(), AUTO, free(1)).remedy is None


def test_layers_go_to_the_gpu_by_what_they_weigh_and_not_by_a_flat_share() -> None:
    whole = fit(model(), AUTO, free(16, gpu(12)))
    assert whole.gpu_layers == 33
    assert whole.gpu_bytes <= whole.gpu_free_bytes
    part = fit(model(), AUTO, free(16, gpu(4)))
    assert 0 < part.gpu_layers < 33
    needed = memory_needed(EIGHT_BILLION, ContextNumbers(8192, 256))
    assert gpu_bytes(EIGHT_BILLION, needed, part.gpu_layers) <= part.gpu_free_bytes
    assert gpu_bytes(EIGHT_BILLION, needed, part.gpu_layers + 1) > part.gpu_free_bytes


def test_a_model_too_large_for_main_memory_fits_with_the_gpus_help() -> None:
    assert not fit(model(), AUTO, free(3)).fits
    assert fit(model(), AUTO, free(3, gpu(12))).fits


def test_two_gpus_share_the_layers() -> None:
    alone = fit(model(), AUTO, free(16, gpu(3))).gpu_layers
    both = fit(model(), AUTO, free(16, gpu(3), gpu(3, "CUDA1"))).gpu_layers
    assert both > 1.5 * alone


def test_a_gpu_that_computes_in_main_memory_adds_none() -> None:
    for shared in (gpu(30, "Metal"), gpu(30, "Vulkan0", "integrated gpu")):
        assert not fit(model(), AUTO, free(3, shared)).fits
        assert fit(model(), AUTO, free(16, shared)).fits


@pytest.mark.parametrize("free_gib", [0.0, 0.1, 0.4])
def test_a_full_gpu_is_left_alone(free_gib: float) -> None:
    found = fit(model(), AUTO, free(16, gpu(free_gib)))
    assert found.fits and found.gpu_layers == 0 and found.gpu_bytes == 0


def test_more_layers_than_the_gpu_holds_are_refused_with_the_number_that_it_holds() -> None:
    settings = EngineSettings(gpu_layers=33)
    found = fit(model(), settings, free(16, gpu(4)))
    assert not found.fits
    assert found.remedy is not None and found.remedy.setting == "gpu_layers"
    assert found.remedy.value == fit(model(), AUTO, free(16, gpu(4))).gpu_layers
    assert fit(model(), with_remedy(settings, found.remedy), free(16, gpu(4))).fits


def test_adapters_are_counted() -> None:
    plain = memory_needed(EIGHT_BILLION, ContextNumbers(4096, 256))
    laid = memory_needed(EIGHT_BILLION, ContextNumbers(4096, 256), adapters=GIB)
    assert laid.total - plain.total == GIB


def test_matrices_in_another_order_stand_beside_the_mapped_file() -> None:
    mixed = replace(
        EIGHT_BILLION, matrix_bytes=(("Q4_K", 4_000), ("Q6_K", 500)), shared_input="Q6_K"
    )
    assert copied_bytes(mixed, {"Q4_K"}, memory_map=True) == 4_000
    assert copied_bytes(mixed, {"Q4_K"}, memory_map=False) == 0
    assert copied_bytes(mixed, (), memory_map=True) == 0
    shared = replace(mixed, shared_input="Q4_K")
    assert copied_bytes(shared, {"Q4_K"}, memory_map=False) == shared.input_bytes
