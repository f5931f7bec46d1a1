"""Weights and a context of llama.cpp, loaded with checked arguments and freed together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from desktop.domain.engine import EngineSettings
from desktop.domain.errors import ModelDamaged, ModelDoesNotFit, ModelMissing
from desktop.domain.models import ModelEntry
from desktop.inference.devices import gpu_memory_free_bytes
from desktop.inference.gguf_header import GgufHeader, check_header
from desktop.inference.llama_library import open_library
from desktop.inference.memory_needed import memory_needed
from desktop.inference.processor import compute_threads, reading_threads

_SMALLEST_CONTEXT = 256
_LARGEST_CONTEXT = 1 << 20
_AUTOMATIC_CONTEXT = 8192
_AUTOMATIC_BATCH = 256
_SMALLEST_BATCH = 32  # below it llama.cpp pads to its own minimum
_LARGEST_BATCH = 4096
# What must stay free beside the model: the window, the index worker and the system live there.
_SPARE_BYTES = 256 << 20
_GPU_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How a model will be loaded: every number checked against the model and the machine."""

    context_tokens: int
    batch_tokens: int
    threads: int
    reading_threads: int
    gpu_layers: int


class LlamaEngine:
    """llama.cpp's two objects for one model. Not for use by two threads at once."""

    def __init__(self, functions: Any, model: Any, context: Any) -> None:
        self.functions = functions
        self.model = model
        self.context = context

    def free(self) -> None:
        """Give the memory back; the addresses are not used again."""
        self.functions.llama_free(self.context)
        self.functions.llama_model_free(self.model)
        self.context = self.model = None


def open_engine(
    entry: ModelEntry, settings: EngineSettings
) -> tuple[LlamaEngine, EnginePlan, GgufHeader]:
    """Load the model; raises `ModelMissing`, `ModelDamaged` or `ModelDoesNotFit`."""
    path = Path(entry.path)
    header = _checked_file(entry, path)
    plan, needed, free = _planned(header, settings)
    if needed + _SPARE_BYTES > free:
        raise ModelDoesNotFit(entry.name, needed + _SPARE_BYTES, free)
    library = open_library()
    library.forget_log()
    functions = library.functions
    model = functions.llama_model_load_from_file(os.fsencode(path), _model_options(plan))
    if not model:
        raise ModelDamaged(entry.path, library.last_complaint() or "llama.cpp does not load it")
    context = functions.llama_init_from_model(model, _context_options(functions, plan))
    if not context:
        functions.llama_model_free(model)
        raise ModelDoesNotFit(entry.name, needed, free)
    return LlamaEngine(functions, model, context), plan, header


def _checked_file(entry: ModelEntry, path: Path) -> GgufHeader:
    try:
        size = path.stat().st_size
    except OSError:
        raise ModelMissing(entry.name, entry.path) from None
    if size != entry.size_bytes:
        raise ModelDamaged(entry.path, "its size is not the one it was imported with")
    return check_header(path)


def _planned(header: GgufHeader, settings: EngineSettings) -> tuple[EnginePlan, int, int]:
    trained = header.of_model("context_length")
    wanted = settings.context_tokens or min(trained, _AUTOMATIC_CONTEXT)
    context = max(_SMALLEST_CONTEXT, min(wanted, trained, _LARGEST_CONTEXT))
    batch = max(
        _SMALLEST_BATCH, min(settings.batch_tokens or _AUTOMATIC_BATCH, context, _LARGEST_BATCH)
    )
    needed = memory_needed(header, context, batch).total
    layers = _gpu_layers(header, settings, needed)
    free = psutil.virtual_memory().available
    if layers:
        free += gpu_memory_free_bytes()
    writing, reading = compute_threads(settings.threads), reading_threads(settings.threads)
    return EnginePlan(context, batch, writing, reading, layers), needed, free


def _gpu_layers(header: GgufHeader, settings: EngineSettings, needed: int) -> int:
    all_layers = header.of_model("block_count") + 1
    free = gpu_memory_free_bytes()
    if not free or settings.gpu_layers == 0:
        return 0
    if settings.gpu_layers > 0:
        return min(settings.gpu_layers, all_layers)
    return min(all_layers, int(all_layers * _GPU_SHARE * free / needed))


def _model_options(plan: EnginePlan) -> Any:
    functions = open_library().functions
    options = functions.llama_model_default_params()
    options.n_gpu_layers = plan.gpu_layers
    return options


def _context_options(functions: Any, plan: EnginePlan) -> Any:
    options = functions.llama_context_default_params()
    options.n_ctx = plan.context_tokens
    options.n_batch = plan.batch_tokens
    options.n_ubatch = plan.batch_tokens
    options.n_seq_max = 1
    options.n_threads = plan.threads
    options.n_threads_batch = plan.reading_threads
    options.flash_attn_type = functions.LLAMA_FLASH_ATTN_TYPE_AUTO
    options.no_perf = True
    return options
