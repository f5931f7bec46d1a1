"""llama.cpp's own look at a model: its architecture, vocabulary and tensors, no weights read.

Whatever it does not know or finds wrong is said in a fraction of a second, before gigabytes are
hashed and copied. Only in a throwaway process: some files end it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from desktop.domain.model_errors import ModelUseUnknown
from desktop.domain.models import ModelKind
from desktop.inference.engine_complaints import refusal_of
from desktop.inference.llama_library import open_library


def look_at_model(path: Path, kind: ModelKind) -> None:
    """Raises `ModelDamaged`, `ModelNeedsNewerEngine` or `ModelUseUnknown` with the reason."""
    library = open_library()
    library.forget_log()
    functions = library.functions
    options = functions.llama_model_default_params()
    options.n_gpu_layers = 0
    options.load_mode = functions.LLAMA_LOAD_MODE_NONE
    options.no_alloc = True
    model = functions.llama_model_load_from_file(os.fsencode(path), options)
    if not model:
        raise refusal_of(str(path), library.complaints())
    try:
        if kind is ModelKind.CHAT:
            _check_writes(functions, model, path)
    finally:
        functions.llama_model_free(model)


def engine_name() -> str:
    """Which llama.cpp this is."""
    functions = open_library().functions
    version: bytes = functions.llama_version()
    return f"llama.cpp {version.decode('utf-8', 'replace')}"


def _check_writes(functions: Any, model: Any, path: Path) -> None:
    if functions.llama_model_is_diffusion(model):
        use = "a model that writes a whole text at once, in steps, which Carrel does not do"
        raise ModelUseUnknown(str(path), use)
    if functions.llama_model_has_encoder(model):
        use = "a model that turns one text into another (encoder and decoder), and does not chat"
        raise ModelUseUnknown(str(path), use)
    if not functions.llama_model_has_decoder(model):
        raise ModelUseUnknown(str(path), "a model that writes no text")
