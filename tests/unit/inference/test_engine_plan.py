"""Plans: a person's choice before a measured one, a measured one before the default."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.assistant.sentences import sentence_for
from desktop.domain.engine import EngineSettings, EngineTuning, KvCacheType, Toggle
from desktop.domain.model_errors import ModelDoesNotFit
from desktop.inference.devices import graphics_in_use
from desktop.inference.engine_plan import make_plan
from desktop.inference.processor import compute_threads, reading_threads, usable_threads
from tests.unit.inference.loading_cases import EIGHT_BILLION, free, gpu, model

TUNED = EngineTuning(
    machine="here",
    measured_at=1.0,
    threads=1,
    reading_threads=1,
    batch_tokens=512,
    flash_attention=False,
    memory_map=False,
    kv_type=KvCacheType.F16,
    reading_speed=300.0,
    writing_speed=100.0,
    lookup_ratio=1.3,
)


def test_without_a_measurement_the_machine_decides() -> None:
    plan = make_plan(model(), EngineSettings(), free(64))
    assert (plan.threads, plan.reading_threads) == (compute_threads(), reading_threads())
    assert (plan.context_tokens, plan.batch_tokens) == (8192, 256)
    assert plan.flash_attention and plan.memory_map and plan.whole_windows
    assert plan.kv_type is KvCacheType.F16
    assert not plan.prompt_lookup and not plan.tuned
    assert (plan.device, plan.gpu_layers, plan.all_layers, plan.fell_back) == ("CPU", 0, 33, "")


def test_what_was_measured_comes_before_the_default() -> None:
    plan = make_plan(model(), EngineSettings(), free(64), TUNED)
    assert (plan.threads, plan.reading_threads, plan.batch_tokens) == (1, 1, 512)
    assert not plan.flash_attention and not plan.memory_map
    assert plan.prompt_lookup and plan.tuned


def test_what_a_person_chose_comes_before_what_was_measured() -> None:
    settings = EngineSettings(
        threads=2,
        batch_tokens=128,
        flash_attention=Toggle.ON,
        memory_map=Toggle.ON,
        prompt_lookup=Toggle.OFF,
    )
    plan = make_plan(model(), settings, free(64), TUNED)
    most = min(2, usable_threads())
    assert (plan.threads, plan.reading_threads, plan.batch_tokens) == (most, most, 128)
    assert plan.flash_attention and plan.memory_map and not plan.prompt_lookup


def test_lookup_that_gained_little_stays_off() -> None:
    plan = make_plan(model(), EngineSettings(), free(64), replace(TUNED, lookup_ratio=1.01))
    assert not plan.prompt_lookup


@pytest.mark.parametrize("kv_type", [KvCacheType.Q8_0, KvCacheType.Q4_0])
def test_a_quantized_cache_brings_flash_attention_with_it(kv_type: KvCacheType) -> None:
    settings = EngineSettings(kv_type=kv_type, flash_attention=Toggle.OFF)
    plan = make_plan(model(), settings, free(64))
    assert plan.kv_type is kv_type and plan.flash_attention


def test_heads_that_do_not_fill_a_block_are_not_quantized() -> None:
    odd = model(replace(EIGHT_BILLION, head_widths=(80, 80)))
    plan = make_plan(odd, EngineSettings(kv_type=KvCacheType.Q8_0), free(64))
    assert plan.kv_type is KvCacheType.F16


def test_numbers_beyond_what_c_takes_are_brought_within() -> None:
    settings = EngineSettings(10**9, 100_000, 10**6, 10**6, 100_000)
    plan = make_plan(model(context=0), settings, free(100_000, gpu(1000)))
    assert plan.context_tokens == 1 << 20
    assert plan.batch_tokens == 4096
    assert plan.threads <= usable_threads() and plan.reading_threads <= usable_threads()
    assert plan.gpu_layers == 33
    small = make_plan(model(), EngineSettings(1, -7, -3, -1, -7), free(64))
    assert (small.context_tokens, small.batch_tokens) == (256, 32)
    assert small.threads >= 1 and small.reading_threads >= 1


def test_a_device_that_is_not_there_leaves_the_processor_and_says_so() -> None:
    assert graphics_in_use("CUDA7", [gpu(8)]) == ()
    plan = make_plan(model(), EngineSettings(device="CUDA7"), free(64))
    assert plan.device == "CPU"
    assert plan.fell_back == "there is no device CUDA7 here"


def test_a_full_gpu_leaves_the_processor_and_says_so() -> None:
    plan = make_plan(model(), EngineSettings(), free(64, gpu(0.2)))
    assert plan.device == "CPU"
    assert "CUDA0 has too little free memory" in plan.fell_back


def test_whoever_wants_no_gpu_is_told_nothing() -> None:
    for settings in (EngineSettings(gpu_layers=0), EngineSettings(device="cpu")):
        assert make_plan(model(), settings, free(64)).fell_back == ""


def test_gpus_are_chosen_as_llama_chooses_them() -> None:
    separate, second = gpu(8), gpu(4, "CUDA1")
    inside, processor = gpu(8, "Vulkan0", "integrated gpu"), gpu(8, "CPU", "cpu")
    every = [processor, separate, inside, second]
    assert graphics_in_use("", every) == (separate, second)
    assert graphics_in_use("", [processor, inside]) == (inside,)
    assert graphics_in_use("CUDA1", every) == (second,)
    assert graphics_in_use("Cpu", every) == ()
    plan = make_plan(model(), EngineSettings(), free(64, separate, second))
    assert (plan.device, plan.gpu_layers) == ("CUDA0 + CUDA1", 33)


def test_what_does_not_fit_is_refused_with_the_numbers_and_the_remedy() -> None:
    with pytest.raises(ModelDoesNotFit) as refused:
        make_plan(model(name="Large"), EngineSettings(context_tokens=131_072), free(9))
    sentence = sentence_for(refused.value)
    assert "It needs 22.3 GB;" in sentence.happened and "9.7 GB is free" in sentence.happened
    assert sentence.next == "With a context of 32,768 tokens it would fit."
    with pytest.raises(ModelDoesNotFit) as hopeless:
        make_plan(model(), EngineSettings(), free(1))
    assert hopeless.value.setting == ""
