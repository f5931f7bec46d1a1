"""LoRA adapters: checked against the model's header, then laid over its context."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.domain.model_errors import AdapterNotForBase, ModelDamaged, ModelMissing
from desktop.domain.models import ModelKind
from desktop.inference.gguf_adapter import check_over_base
from desktop.inference.gguf_check import check_file
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.llama_library import open_library

_STRONGEST = 4.0


def check_adapters(adapters: Sequence[tuple[str, float]], base: GgufHeader, base_name: str) -> int:
    """The bytes of all of them; raises `AdapterNotForBase`, `ModelMissing` or `ModelDamaged`."""
    size = 0
    for path in (Path(one) for one, _ in adapters):
        if not path.is_file():
            raise ModelMissing(path.name, str(path))
        header, kind = check_file(path)
        if kind is not ModelKind.ADAPTER:
            raise AdapterNotForBase(str(path), base_name, "it is a whole model and no adapter")
        check_over_base(header, path, base, base_name)
        size += header.size_bytes
    return size


def lay_adapters(
    functions: Any,
    model: Any,
    context: Any,
    adapters: Sequence[tuple[str, float]],
    base_name: str,
) -> None:
    """Load each and set its strength; they are freed with the model."""
    if not adapters:
        return
    loaded = []
    for path, _ in adapters:
        library = open_library()
        library.forget_log()
        adapter = functions.llama_adapter_lora_init(model, os.fsencode(path))
        if not adapter:
            reason = library.last_complaint() or "llama.cpp does not load it"
            raise AdapterNotForBase(path, base_name, reason)
        loaded.append(adapter)
    handles = (functions.llama_adapter_lora_p_ctypes * len(loaded))(
        *(ctypes.cast(one, functions.llama_adapter_lora_p_ctypes) for one in loaded)
    )
    strengths = (ctypes.c_float * len(loaded))(*(_strength(one) for _, one in adapters))
    if functions.llama_set_adapters_lora(context, handles, len(loaded), strengths) != 0:
        raise ModelDamaged(adapters[0][0], "llama.cpp does not lay it over the model")


def _strength(wanted: float) -> float:
    return max(-_STRONGEST, min(_STRONGEST, wanted)) if math.isfinite(wanted) else 0.0
