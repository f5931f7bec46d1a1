"""What a GGUF file is for: answering, embedding, ordering, adapting, or nothing of these."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from desktop.domain.model_errors import ModelUseUnknown
from desktop.domain.models import ModelKind
from desktop.inference.gguf_header import GgufHeader

_NO_POOLING = 0
_RANK_POOLING = 4
_CLASSIFIER = ("cls.weight", "cls.output.weight")

# What files of llama.cpp's own making say of themselves, and no one can talk to.
_TYPES = MappingProxyType(
    {
        "mmproj": "the picture part of a model (a projector), which answers nothing by itself",
        "imatrix": "a table of measurements for making models smaller, and no model",
        "vocab": "a vocabulary without a model",
    }
)
_ARCHITECTURES = MappingProxyType(
    {
        "clip": _TYPES["mmproj"],
        "imatrix": _TYPES["imatrix"],
        "controlvector": "a control vector, which changes a model and answers nothing by itself",
    }
)
_ADAPTER = "adapter"


def use_of(header: GgufHeader, path: Path) -> ModelKind:
    """Raises `ModelUseUnknown` with what the file is, where Carrel has no place for it."""
    stated = header.text("general.type")
    if stated == _ADAPTER or header.text("adapter.type"):
        return ModelKind.ADAPTER
    use = _TYPES.get(stated) or _ARCHITECTURES.get(header.architecture)
    if use is None and not header.tensors:
        use = _TYPES["vocab"]
    if use is not None:
        raise ModelUseUnknown(str(path), use)
    if is_reranker(header):
        return ModelKind.RERANKER
    return ModelKind.EMBEDDER if is_embedder(header) else ModelKind.CHAT


def check_writes(header: GgufHeader, kind: ModelKind, path: Path) -> None:
    """Raises `ModelUseUnknown` of what would answer, but looks at a text from both sides.

    After llama.cpp's look, which knows the models that write so.
    """
    causal = header.metadata.get(f"{header.architecture}.attention.causal", True)
    if kind is ModelKind.CHAT and causal is False:
        use = "an embedding model that does not say how its tokens become one vector"
        raise ModelUseUnknown(str(path), use)


def is_embedder(header: GgufHeader) -> bool:
    """Whether the file says how the vectors of its tokens become one of the text."""
    return header.of_model("pooling_type", _NO_POOLING) not in (_NO_POOLING, _RANK_POOLING)


def is_reranker(header: GgufHeader) -> bool:
    """Whether the file gives a question and a passage one number together."""
    if header.of_model("pooling_type", _NO_POOLING) == _RANK_POOLING:
        return True
    return any(header.tensor_bytes(name) for name in _CLASSIFIER)
