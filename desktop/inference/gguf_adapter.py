"""LoRA adapters: what a header of one must hold, and whether it fits over a given model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from desktop.domain.model_errors import AdapterNotForBase
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import Malformed, Tensor
from desktop.inference.gguf_rules import check_architecture_name

_LORA = "lora"
_DOWN, _UP = ".lora_a", ".lora_b"
_EMBEDDING = "token_embd.weight"
_PASSED_OVER = "_norm.weight"  # llama.cpp leaves these out
_LARGEST_ALPHA = 1e6


def check_adapter(header: GgufHeader) -> None:
    """Raises `Malformed` with the reason where this is no whole LoRA adapter."""
    check_architecture_name(header)
    if header.text("adapter.type") != _LORA:
        raise Malformed(f"it is an adapter of another kind ({header.text('adapter.type')[:40]!r})")
    alpha = header.metadata.get("adapter.lora.alpha", 1.0)
    if not isinstance(alpha, float) or not math.isfinite(alpha) or abs(alpha) > _LARGEST_ALPHA:
        raise Malformed(f"its alpha is {str(alpha)[:40]}")
    pairs = _pairs(header)
    if not pairs:
        raise Malformed("it changes nothing: it holds no pair of tensors")
    for name, (down, up) in pairs.items():
        _check_pair(name, down, up)


def check_over_base(adapter: GgufHeader, path: Path, base: GgufHeader, base_name: str) -> None:
    """Whether every pair fits a tensor of the base; raises `AdapterNotForBase`."""
    if adapter.architecture != base.architecture:
        raise AdapterNotForBase(
            str(path),
            base_name,
            f"it is for the architecture {adapter.architecture}, the model is {base.architecture}",
        )
    shapes = {tensor.name: tensor.dimensions for tensor in base.tensors}
    for name, (down, up) in _pairs(adapter).items():
        assert down is not None and up is not None, "check_adapter() refuses halves"
        shape = shapes.get(name)
        if shape is None:
            raise AdapterNotForBase(
                str(path), base_name, f"it changes {name}, which the model does not have"
            )
        if not _fits(name, shape, down, up):
            raise AdapterNotForBase(
                str(path), base_name, f"its part for {name} is of another size than the model's"
            )


def _fits(name: str, shape: tuple[int, ...], down: Tensor, up: Tensor) -> bool:
    if len(shape) < 2:
        return False
    if name == _EMBEDDING:
        return (up.dimensions[1], down.dimensions[1]) == shape[:2]
    return (down.dimensions[0], up.dimensions[1]) == shape[:2]


def _pairs(header: GgufHeader) -> Mapping[str, tuple[Tensor | None, Tensor | None]]:
    pairs: dict[str, tuple[Tensor | None, Tensor | None]] = {}
    for tensor in header.tensors:
        if tensor.name.endswith(_DOWN):
            name = tensor.name.removesuffix(_DOWN)
            pairs[name] = (tensor, pairs.get(name, (None, None))[1])
        elif tensor.name.endswith(_UP):
            name = tensor.name.removesuffix(_UP)
            pairs[name] = (pairs.get(name, (None, None))[0], tensor)
        elif not tensor.name.endswith(_PASSED_OVER):
            raise Malformed(f"its tensor {tensor.name!r} is no part of an adapter")
    return pairs


def _check_pair(name: str, down: Tensor | None, up: Tensor | None) -> None:
    if down is None or up is None:
        raise Malformed(f"one half of its pair for {name!r} is missing")
    if len(down.dimensions) < 2 or len(up.dimensions) < 2:
        raise Malformed(f"its pair for {name!r} is no pair of matrices")
    if name != _EMBEDDING and down.dimensions[1] != up.dimensions[0]:
        raise Malformed(f"the halves of its pair for {name!r} do not fit each other")
