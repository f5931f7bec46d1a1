"""How models are loaded: memory as estimated, stoppable, falling back, adapters, all given back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from desktop.assistant.sentences import sentence_for
from desktop.domain.answers import AnswerPiece
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import (
    Device,
    EngineSettings,
    EngineTuning,
    KvCacheType,
    SamplerSettings,
    Toggle,
    TuningStep,
)
from desktop.domain.errors import Cancelled
from desktop.domain.model_errors import AdapterNotForBase, ModelDoesNotFit, ModelMissing
from desktop.inference.chat_model import ChatMessage
from desktop.inference.devices import backend_name, devices, machine_name
from desktop.inference.engine_tuning import tune
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.llama_engine import LlamaEngine, LoadRequest, open_engine
from desktop.inference.memory_fit import FreeMemory, fit, free_memory
from desktop.inference.processor import reading_threads
from tests.support.memory_used import MemoryCase, entry_of, memory_used
from tests.support.model_files import Q4_0, Recipe, write_adapter, write_model

SMALL = EngineSettings(context_tokens=512)
GREEDY = SamplerSettings(temperature=0.0, max_tokens=12, repeat_penalty=1.0)
QUESTION = (
    ChatMessage("system", "You are a helpful assistant."),
    ChatMessage("user", "What is the capital of France?"),
)
PRETENDED = FreeMemory(4 << 30, (Device("CUDA7", "gpu", "a GPU", 8 << 30, 8 << 30),))


def answer(model: LlamaChatModel) -> str:
    events = model.stream(model.chat_prompt(QUESTION), GREEDY, CancelToken())
    return "".join(event.text for event in events if isinstance(event, AnswerPiece))


def test_the_estimate_is_within_a_tenth_of_what_is_used() -> None:
    # Thirteen more models and settings are held to it by tests/bench/bench_memory.py.
    found = memory_used(MemoryCase("", EngineSettings(kv_type=KvCacheType.Q8_0)))
    assert 0.9 < found.ratio < 1.1
    assert found.left < found.used / 5


def test_a_model_that_stands_in_another_order_in_memory_is_estimated_so(tmp_path: Path) -> None:
    recipe = Recipe(layers=6, width=1024, feed_forward=2816, heads=16, kv_heads=4, type=Q4_0)
    path = write_model(tmp_path / "m.gguf", recipe)
    read = memory_used(MemoryCase(str(path), SMALL))
    mapped = memory_used(MemoryCase(str(path), replace(SMALL, memory_map=Toggle.ON)))
    assert 0.9 < read.ratio < 1.1
    assert 0.9 < mapped.ratio < 1.1
    assert mapped.used > read.used


def test_a_context_that_no_machine_holds_is_refused_with_the_numbers(tmp_path: Path) -> None:
    recipe = Recipe(layers=64, width=256, feed_forward=256, heads=4, kv_heads=4, context=1 << 20)
    path = str(write_model(tmp_path / "m.gguf", recipe, weights=False))
    settings = EngineSettings(context_tokens=1 << 20)
    free = FreeMemory(8 << 30)
    with pytest.raises(ModelDoesNotFit) as refused:
        open_engine(entry_of(path), LoadRequest(settings, free=free))
    sentence = sentence_for(refused.value)
    assert "It needs 69.3 GB; 8.6 GB is free." in sentence.happened
    assert sentence.next == "With a context of 98,304 tokens it would fit."


def test_loading_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []

    def stop_halfway(fraction: float) -> bool:
        told.append(fraction)
        return fraction < 0.5

    with pytest.raises(Cancelled):
        LlamaChatModel.load(included_chat_model(), SMALL, progress=stop_halfway)
    assert told == sorted(told)
    assert 0.5 <= told[-1] < 0.9
    LlamaChatModel.load(included_chat_model(), SMALL, progress=lambda _: True).close()


def test_an_entry_of_an_older_version_is_planned_from_its_file() -> None:
    engine = open_engine(
        replace(entry_of(""), shape=type(included_chat_model().shape)()), LoadRequest(SMALL)
    )
    assert engine.plan.all_layers == 31
    assert engine.entry.shape == included_chat_model().shape
    assert engine.entry.chat_template
    engine.free()


def test_a_gpu_that_is_not_there_leaves_the_processor_to_answer() -> None:
    model = LlamaChatModel.load(included_chat_model(), replace(SMALL, device="CUDA7"))
    assert model.plan.fell_back == "there is no device CUDA7 here"
    assert model.backend.startswith("CPU")
    assert "Paris" in answer(model)
    model.close()


def test_a_gpu_that_fails_to_load_leaves_the_processor_to_answer() -> None:
    engine = open_engine(included_chat_model(), LoadRequest(SMALL, free=PRETENDED))
    assert engine.plan.gpu_layers == 0
    assert engine.plan.fell_back.startswith("CUDA7 failed")
    assert "Paris" in _answered(engine)


def test_layers_are_given_to_the_device_that_was_planned() -> None:
    # The processor stands in for a GPU: llama.cpp takes it as a device like any other.
    processor = Device("CPU", "gpu", "the processor", 8 << 30, 8 << 30)
    request = LoadRequest(SMALL, free=FreeMemory(4 << 30, (processor,)))
    engine = open_engine(included_chat_model(), request)
    assert (engine.plan.gpu_layers, engine.plan.fell_back) == (31, "")
    assert "Paris" in _answered(engine)


def _answered(engine: LlamaEngine) -> str:
    entry = included_chat_model()
    model = LlamaChatModel(entry, engine, backend_name(engine.plan), engine.entry.chat_template)
    said = answer(model)
    model.close()
    return said


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("adapter") / "adapter.gguf"
    return write_adapter(path, "blk.29.ffn_down.weight", (1536, 576), rank=4)


def test_an_adapter_changes_the_answer_by_its_strength(adapter: Path) -> None:
    said: dict[float, str] = {}
    for strength in (0.0, 1.0, -1.0):
        model = LlamaChatModel.load(
            included_chat_model(), SMALL, adapters=((str(adapter), strength),)
        )
        assert model.plan.memory.adapters == adapter.stat().st_size
        said[strength] = answer(model)
        model.close()
    assert "Paris" in said[0.0]
    assert len(set(said.values())) == 3


def test_an_adapter_for_another_model_is_refused_and_named(adapter: Path, tmp_path: Path) -> None:
    other = write_adapter(tmp_path / "other.gguf", "blk.29.ffn_down.weight", (512, 576), rank=4)
    missing = write_adapter(tmp_path / "missing.gguf", "blk.77.ffn_down.weight", (1536, 576), 4)
    whole = included_chat_model().path
    for path in (str(other), str(missing), whole):
        with pytest.raises(AdapterNotForBase) as refused:
            LlamaChatModel.load(included_chat_model(), SMALL, adapters=((path, 1.0),))
        assert refused.value.reason
    with pytest.raises(ModelMissing):
        LlamaChatModel.load(included_chat_model(), SMALL, adapters=((f"{adapter}.gone", 1.0),))


def test_twenty_loads_leave_the_memory_as_it_was(adapter: Path) -> None:
    settings = (
        SMALL,
        replace(SMALL, kv_type=KvCacheType.Q8_0, memory_map=Toggle.OFF),
        EngineSettings(context_tokens=1024, flash_attention=Toggle.OFF, batch_tokens=64),
    )

    def cycle(at: int) -> None:
        adapters = ((str(adapter), 0.5),) if at % 4 == 0 else ()
        model = LlamaChatModel.load(
            included_chat_model(), settings[at % 3], progress=lambda _: True, adapters=adapters
        )
        next(iter(model.stream(model.chat_prompt(QUESTION), GREEDY, CancelToken())))
        model.close()

    process = psutil.Process()
    for at in range(4):  # libraries, thread stacks and caches come with the first
        cycle(at)
    gc.collect()
    before = process.memory_info().rss
    for at in range(20):
        cycle(at)
    gc.collect()
    assert process.memory_info().rss < 1.02 * before


@pytest.fixture(scope="module")
def measured() -> Iterator[list[TuningStep | EngineTuning]]:
    model = LlamaChatModel.load(included_chat_model(), SMALL)
    before = answer(model)
    yield list(tune(included_chat_model(), SMALL, CancelToken(), model.engine, budget_s=2.0))
    # What stands in the model's cache was left alone.
    assert answer(model) == before
    model.close()


def test_a_measurement_ends_with_numbers_that_a_plan_takes(
    measured: list[TuningStep | EngineTuning],
) -> None:
    *steps, tuning = measured
    assert isinstance(tuning, EngineTuning)
    assert all(isinstance(step, TuningStep) for step in steps)
    assert tuning.machine == machine_name()
    assert tuning.reading_speed > 0 and tuning.writing_speed > 0
    model = LlamaChatModel.load(included_chat_model(), SMALL, tuning=tuning)
    assert model.plan.tuned
    assert model.plan.threads == tuning.threads
    model.set_threads(1, 1)
    assert (model.plan.threads, model.plan.reading_threads) == (1, 1)
    assert "Paris" in answer(model)
    model.close()


def test_what_a_person_fixed_is_not_kept_as_measured() -> None:
    fixed = replace(
        SMALL,
        threads=1,
        batch_tokens=64,
        flash_attention=Toggle.OFF,
        prompt_lookup=Toggle.OFF,
    )
    *_, tuning = tune(included_chat_model(), fixed, CancelToken(), budget_s=0.0)
    assert isinstance(tuning, EngineTuning)
    assert tuning.reading_threads == reading_threads()
    assert (tuning.batch_tokens, tuning.flash_attention) == (256, True)


def test_a_measurement_can_be_stopped_between_two_runs() -> None:
    cancel = CancelToken()
    steps = tune(included_chat_model(), SMALL, cancel)
    assert isinstance(next(steps), TuningStep)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(steps)


def test_the_processor_is_listed_first_and_what_is_free_is_known_at_once() -> None:
    found = devices()
    assert found[0].kind == "cpu"
    assert found[0].memory_free_bytes > 0
    free = free_memory()
    assert 0 < free.main_bytes < psutil.virtual_memory().total
    assert fit(included_chat_model(), EngineSettings(), free).fits
