"""A strict look at a model file before llama.cpp sees it."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.model_errors import ModelDamaged, ModelUseUnknown, NotAModel
from desktop.domain.models import ModelKind
from desktop.inference.file_kind import kind_of_file
from desktop.inference.gguf_adapter import check_adapter
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import Malformed
from desktop.inference.gguf_parts import read_parts
from desktop.inference.gguf_rules import check_metadata
from desktop.inference.gguf_use import use_of


def check_file(path: Path) -> tuple[GgufHeader, ModelKind]:
    """Parse and check everything before the weights, of all parts, and what the file is for.

    Raises `NotAModel`, `ModelDamaged`, `ModelPartMissing` or `ModelUseUnknown`.
    """
    try:
        found = kind_of_file(path)
        if found:
            raise NotAModel(str(path), found)
        header = read_parts(path)
        use = use_of(header, path)
        if use is ModelKind.ADAPTER:
            check_adapter(header)
        else:
            check_metadata(header)
        return header, use
    except Malformed as error:
        raise ModelDamaged(str(path), str(error)) from error
    except OSError as error:
        raise ModelDamaged(str(path), f"it cannot be read: {error.strerror}") from error


def check_header(path: Path) -> GgufHeader:
    """As `check_file`, of a model that can be loaded by itself."""
    header, use = check_file(path)
    if use is ModelKind.ADAPTER:
        raise ModelUseUnknown(
            str(path), "a LoRA adapter, which works only over the model that it was made for"
        )
    return header
