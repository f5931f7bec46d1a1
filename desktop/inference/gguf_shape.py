"""The numbers of a header that memory and layers are computed from.

They follow what llama.cpp keeps for each kind of layer: a key and a value for each token where a
layer looks back, only the last ones where it looks back through a window, and one state of a
fixed size where it does not look back at all.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from desktop.domain.models import ModelShape
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import TENSOR_TYPES, Array

_FLOAT_BYTES = 4
_IN_LAYER = re.compile(r"blk\.(\d+)\.")
_INPUT = "token_embd.weight"
_OUTPUT = "output.weight"
_OUTPUT_PARTS = ("output.", "output_norm.", "output_")

# Every how many layers one sees everything, where the file does not say it; the others look
# through the window. Negative: the first of each group sees everything, not the last.
_WINDOW_PERIODS = MappingProxyType(
    {
        "gemma2": 2,
        "gemma3": 6,
        "gemma3n": 5,
        "gemma-embedding": 6,
        "gpt-oss": 2,
        "cohere2": 4,
        "cohere2moe": -4,
        "llama4": 4,
        "exaone4": 4,
        "exaone-moe": 4,
        "olmo2": 4,
        "plamo3": 8,
        "afmoe": 4,
        "muse-glimmer": 4,
        "mellum": 4,
        "laguna": -4,
        "smallthinker": -4,
        "modern-bert": -3,
    }
)
# Windows that llama.cpp takes whatever the file says.
_FIXED_WINDOWS = MappingProxyType({"llama4": 8192})
_DEFAULT_WINDOWS = MappingProxyType({"gemma2": 4096})
# Every how many layers one looks back, where the others keep a state.
_LOOKING_BACK = MappingProxyType({"qwen3next": 4, "qwen35": 4, "qwen35moe": 4})
_STATE_ONLY = frozenset({"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"})


def shape_of(header: GgufHeader) -> ModelShape:
    """What the header says of the model's layers; 0 where it says nothing."""
    layers = header.of_model("block_count")
    heads = header.of_layers("attention.head_count", layers)
    kv_heads = header.of_layers("attention.head_count_kv", layers) or heads or [0] * layers
    widths = _head_widths(header, max(heads, default=0))
    windowed = _windowed(header, layers)
    looking = _looking_back(header, kv_heads)
    each = [
        count * sum(_kept_widths(header, widths)) if back else 0
        for count, back in zip(kv_heads, looking, strict=True)
    ]
    return ModelShape(
        layers=layers,
        embedding_length=header.of_model("embedding_length"),
        feed_forward_length=_widest_feed_forward(header),
        heads=max(heads, default=0),
        kv_heads=max(kv_heads, default=0),
        head_widths=widths,
        vocabulary=_vocabulary(header),
        weights_bytes=sum(tensor.size_bytes for tensor in header.tensors),
        layer_bytes=_layer_bytes(header),
        output_bytes=_output_bytes(header),
        window_tokens=_window(header) if any(windowed) else 0,
        window_layers=sum(windowed),
        kv_layers=sum(1 for one in each if one),
        kv_values=sum(one for one, short in zip(each, windowed, strict=True) if not short),
        window_kv_values=sum(one for one, short in zip(each, windowed, strict=True) if short),
        state_bytes=_state_bytes(header, looking),
        input_bytes=header.tensor_bytes(_INPUT),
        matrix_bytes=_matrix_bytes(header),
        shared_input="" if header.tensor_bytes(_OUTPUT) else _type_of(header, _INPUT),
    )


def _matrix_bytes(header: GgufHeader) -> tuple[tuple[str, int], ...]:
    sizes: dict[str, int] = {}
    for tensor in header.tensors:
        if len(tensor.dimensions) > 1 and (_IN_LAYER.match(tensor.name) or tensor.name == _OUTPUT):
            kind = TENSOR_TYPES[tensor.type][0]
            sizes[kind] = sizes.get(kind, 0) + tensor.size_bytes
    return tuple(sorted(sizes.items()))


def _type_of(header: GgufHeader, name: str) -> str:
    types = (TENSOR_TYPES[one.type][0] for one in header.tensors if one.name == name)
    return next(types, "")


def _head_widths(header: GgufHeader, heads: int) -> tuple[int, int]:
    width = header.of_model("embedding_length") // heads if heads else 0
    return (
        header.of_model("attention.key_length", width),
        header.of_model("attention.value_length", width),
    )


def _kept_widths(header: GgufHeader, widths: tuple[int, int]) -> tuple[int, int]:
    # With latent attention the value is a part of the key, and is not kept a second time.
    latent = header.of_model("attention.key_length_mla")
    return (widths[0], 0) if latent else widths


def _window(header: GgufHeader) -> int:
    architecture = header.architecture
    stated = header.of_model("attention.sliding_window", _DEFAULT_WINDOWS.get(architecture, 0))
    return _FIXED_WINDOWS.get(architecture, stated) if stated or architecture == "llama4" else 0


def _windowed(header: GgufHeader, layers: int) -> list[bool]:
    """Which layers look back through the window."""
    if not _window(header) or header.architecture == "phi3":  # llama.cpp uses no window there
        return [False] * layers
    pattern = header.metadata.get(f"{header.architecture}.attention.sliding_window_pattern")
    if isinstance(pattern, Array):
        marks = [bool(one) for one in pattern.elements[:layers]]
        return marks + [False] * (layers - len(marks))
    period = _WINDOW_PERIODS.get(header.architecture, 0)
    if isinstance(pattern, int) and pattern > 0:
        period = -pattern if period < 0 else pattern
    if not period:
        return [False] * layers
    every = abs(period)
    whole = 0 if period < 0 else every - 1
    return [at % every != whole for at in range(layers)]


def _looking_back(header: GgufHeader, kv_heads: list[int]) -> list[bool]:
    """Which layers keep keys and values; a layer without heads keeps a state."""
    if header.architecture in _STATE_ONLY:
        return [False] * len(kv_heads)
    every = header.of_model("full_attention_interval", _LOOKING_BACK.get(header.architecture, 1))
    return [count > 0 and at % every == every - 1 for at, count in enumerate(kv_heads)]


def _state_bytes(header: GgufHeader, looking: list[bool]) -> int:
    """Of one conversation, over all layers that keep a state instead of keys and values."""
    inner = header.of_model("ssm.inner_size")
    state = header.of_model("ssm.state_size")
    groups = header.of_model("ssm.group_count")
    kernel = max(0, header.of_model("ssm.conv_kernel") - 1)
    values = kernel * (inner + 2 * groups * state) + inner * state
    embedding = header.of_model("embedding_length")
    if head := header.of_model("wkv.head_size"):
        values = embedding * (header.of_model("token_shift_count", 2) + head)
    elif short := header.of_model("shortconv.l_cache"):
        values = embedding * (short - 1)
    # Where both kinds stand in one layer, every layer has a state.
    keeping = sum(1 for back in looking if not back) or len(looking)
    return keeping * values * _FLOAT_BYTES


def _widest_feed_forward(header: GgufHeader) -> int:
    used = header.of_model("expert_used_count")
    plain = header.of_model("feed_forward_length")
    # Each expert is as wide as the whole where the file does not say otherwise.
    return max(plain, header.of_model("expert_feed_forward_length", plain) * used)


def _vocabulary(header: GgufHeader) -> int:
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    stated = header.of_model("vocab_size")
    return tokens.size if isinstance(tokens, Array) else stated


def _layer_bytes(header: GgufHeader) -> int:
    sizes: dict[int, int] = {}
    for tensor in header.tensors:
        if found := _IN_LAYER.match(tensor.name):
            layer = int(found[1])
            sizes[layer] = sizes.get(layer, 0) + tensor.size_bytes
    return max(sizes.values(), default=0)


def _output_bytes(header: GgufHeader) -> int:
    own = sum(
        tensor.size_bytes for tensor in header.tensors if tensor.name.startswith(_OUTPUT_PARTS)
    )
    # Without a matrix of its own the output uses the input's, once more where it lies elsewhere.
    return own if header.tensor_bytes(_OUTPUT) else own + header.tensor_bytes(_INPUT)
