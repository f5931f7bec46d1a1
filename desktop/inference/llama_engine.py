"""Weights, a context and adapters of llama.cpp, loaded with checked arguments, freed together."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.domain.engine import EnginePlan, EngineSettings, EngineTuning, KvCacheType
from desktop.domain.errors import Cancelled
from desktop.domain.model_errors import ModelDamaged, ModelDoesNotFit
from desktop.domain.models import ModelEntry
from desktop.inference.devices import device_handles
from desktop.inference.engine_complaints import refusal_of
from desktop.inference.engine_plan import make_plan
from desktop.inference.gguf_check import check_header
from desktop.inference.gguf_header import GgufHeader, facts_of
from desktop.inference.gguf_shape import shape_of
from desktop.inference.llama_adapters import check_adapters, lay_adapters
from desktop.inference.llama_library import open_library
from desktop.inference.memory_fit import FreeMemory, free_memory
from desktop.inference.memory_needed import MOST_OUTPUTS
from desktop.inference.model_presence import check_present

Progress = Callable[[float], bool]
Adapter = tuple[str, float]  # the file's path, and how strongly it is laid over the model

_MAPPED, _READ = 1, 0  # llama.cpp's numbers for how a file is loaded
_GGML_TYPES = {KvCacheType.F16: 1, KvCacheType.Q8_0: 8, KvCacheType.Q4_0: 2}


class EngineFailed(Exception):
    """llama.cpp could not load or compute with a plan; the message is its own."""


class LlamaEngine:
    """llama.cpp's objects for one model. Not for use by two threads at once."""

    def __init__(
        self, functions: Any, model: Any, context: Any, plan: EnginePlan, entry: ModelEntry
    ) -> None:
        self.functions = functions
        self.model = model
        self.context = context
        self.plan = plan
        self.entry = entry  # with what the file's header says

    def set_threads(self, threads: int, reading_threads: int) -> None:
        """Compute with so many threads from the next token on."""
        self.functions.llama_set_n_threads(self.context, threads, reading_threads)
        self.plan = replace(self.plan, threads=threads, reading_threads=reading_threads)

    def free(self) -> None:
        """Give the memory back; the addresses are not used again. Adapters go with the model."""
        self.functions.llama_free(self.context)
        self.functions.llama_model_free(self.model)
        self.context = self.model = None
        open_library().return_memory()


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """What a model is loaded with.

    `progress` is told the share that is read and ends the loading by returning false; llama.cpp
    calls it from C, so it must not raise. `free` is what may be taken, None what is free now.
    """

    settings: EngineSettings
    tuning: EngineTuning | None = None
    adapters: Sequence[Adapter] = ()
    progress: Progress | None = None
    free: FreeMemory | None = None


def open_engine(entry: ModelEntry, request: LoadRequest) -> LlamaEngine:
    """Load the model; where a GPU fails, on the processor, which the plan then says.

    Raises the types of `ModelError` that say why it cannot be loaded, or `Cancelled`.
    """
    header = checked_header(entry)
    entry = described(entry, header)
    adapter_bytes = check_adapters(request.adapters, header, entry.name)
    # The vocabulary was read for the checks alone.
    del header
    open_library().return_memory()
    settings = request.settings
    free = request.free or free_memory(settings.device)
    plan = make_plan(entry, settings, free, request.tuning, adapter_bytes)
    try:
        return _opened(entry, plan, request)
    except EngineFailed as failure:
        if not plan.gpu_layers:
            raise
        reason = f"{plan.device} failed: {failure}"
    settings = replace(settings, device="cpu", gpu_layers=0)
    plan = make_plan(entry, settings, free_memory("cpu"), request.tuning, adapter_bytes)
    return _opened(entry, replace(plan, fell_back=reason), request)


def checked_header(entry: ModelEntry) -> GgufHeader:
    """The header of the entry's file, or files, which are there and as they were imported.

    Raises `ModelMissing`, `ModelChanged` or `ModelDamaged`.
    """
    check_present(entry)
    header = check_header(Path(entry.path))
    if header.size_bytes != entry.size_bytes:
        raise ModelDamaged(entry.path, "its size is not the one it was imported with")
    return header


def described(entry: ModelEntry, header: GgufHeader) -> ModelEntry:
    """The entry with what loading needs of the header, where it was made without."""
    facts = facts_of(header)
    return replace(
        entry,
        shape=entry.shape if entry.shape.weights_bytes else shape_of(header),
        context_tokens=entry.context_tokens or facts.context_tokens,
        quantization=entry.quantization or facts.quantization,
        chat_template=entry.chat_template or facts.chat_template,
    )


def _opened(entry: ModelEntry, plan: EnginePlan, request: LoadRequest) -> LlamaEngine:
    library = open_library()
    functions = library.functions
    model = load_weights(entry, plan, request.progress)
    context = functions.llama_init_from_model(model, context_options(functions, plan))
    if not context:
        reason = library.last_complaint()
        functions.llama_model_free(model)
        if plan.gpu_layers:
            raise EngineFailed(reason or "it makes no context")
        raise ModelDoesNotFit(entry.name, plan.memory.total, free_memory("cpu").main_bytes)
    engine = LlamaEngine(functions, model, context, plan, entry)
    try:
        lay_adapters(functions, model, context, request.adapters, entry.name)
        if plan.gpu_layers:
            _prove(engine)
    except BaseException:
        engine.free()
        raise
    return engine


def load_weights(entry: ModelEntry, plan: EnginePlan, progress: Progress | None) -> Any:
    """llama.cpp's model without a context; the caller frees it.

    Raises `ModelDamaged`, `EngineFailed` where a GPU is in the plan, and `Cancelled`.
    """
    library = open_library()
    library.forget_log()
    functions = library.functions
    stopped: list[float] = []

    def tell(fraction: float, _: object) -> bool:
        if progress is None or progress(fraction):
            return True
        stopped.append(fraction)
        return False

    options = _model_options(functions, plan)
    # Named here, so that they live as long as the loading.
    callback = functions.llama_progress_callback(tell)
    names = plan.device.split(" + ") if plan.gpu_layers else []
    devices = device_handles(names)
    if len(devices) <= len(names):
        raise EngineFailed("it is not there any more")
    options.progress_callback = callback
    options.devices = ctypes.addressof(devices)
    model = functions.llama_model_load_from_file(os.fsencode(entry.path), options)
    if model:
        return model
    if stopped:
        raise Cancelled
    if plan.gpu_layers:
        raise EngineFailed(library.last_complaint() or "it does not take the model")
    raise refusal_of(entry.path, library.complaints())


def _prove(engine: LlamaEngine) -> None:
    """Compute one token: some GPUs take a model and fail at their first step."""
    functions = engine.functions
    vocabulary = functions.llama_model_get_vocab(engine.model)
    token = (functions.llama_token * 1)(max(0, functions.llama_vocab_bos(vocabulary)))
    code = functions.llama_decode(engine.context, functions.llama_batch_get_one(token, 1))
    if code != 0:
        raise EngineFailed(open_library().last_complaint() or f"its first step ended with {code}")
    functions.llama_memory_clear(functions.llama_get_memory(engine.context), True)


def _model_options(functions: Any, plan: EnginePlan) -> Any:
    options = functions.llama_model_default_params()
    options.n_gpu_layers = plan.gpu_layers
    options.load_mode = _MAPPED if plan.memory_map else _READ
    return options


def context_options(functions: Any, plan: EnginePlan) -> Any:
    """The plan as llama.cpp takes it."""
    options = functions.llama_context_default_params()
    options.n_ctx = plan.context_tokens
    options.n_batch = options.n_ubatch = plan.batch_tokens
    options.n_seq_max = 1
    options.n_outputs_max = min(MOST_OUTPUTS, plan.batch_tokens)
    options.n_threads = plan.threads
    options.n_threads_batch = plan.reading_threads
    options.type_k = options.type_v = _GGML_TYPES[plan.kv_type]
    options.flash_attn_type = _flash_attention(functions, plan)
    options.swa_full = plan.whole_windows
    options.offload_kqv = plan.gpu_layers > 0
    options.no_perf = True
    return options


def _flash_attention(functions: Any, plan: EnginePlan) -> int:
    if not plan.flash_attention:
        return int(functions.LLAMA_FLASH_ATTN_TYPE_DISABLED)
    if plan.gpu_layers:  # not every GPU has it for every width of head; llama.cpp knows
        return int(functions.LLAMA_FLASH_ATTN_TYPE_AUTO)
    return int(functions.LLAMA_FLASH_ATTN_TYPE_ENABLED)
