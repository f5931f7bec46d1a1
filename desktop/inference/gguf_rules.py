"""What a GGUF header may state, so that llama.cpp neither ends the process nor computes nonsense.

llama.cpp ends the whole process on some headers that are well formed and wrong. What is refused
here is what was seen to do that, and what no real model has. What only the engine can know, as
the names of its architectures, it is asked for itself, in a throwaway process.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import Array, Malformed, Value

_MOST_LAYERS = 512  # llama.cpp's own table ends there, and beyond it the process aborts
_LONGEST_ARCHITECTURE = 64
_NO_VOCABULARY = frozenset({"none", "no_vocab", "test", ""})
# Out of range, llama.cpp quietly takes another; then an answer would not end.
_TOKEN_IDS = ("bos", "eos", "eot", "eom")

# Whole numbers a model must state within limits, if it states them at all.
_COUNTS = MappingProxyType(
    {
        "block_count": (1, _MOST_LAYERS),
        "context_length": (1, 1 << 28),
        "embedding_length": (1, 1 << 20),
        "feed_forward_length": (0, 1 << 24),
        "attention.head_count": (0, 1 << 12),
        "attention.head_count_kv": (0, 1 << 12),
        "attention.key_length": (1, 1 << 14),
        "attention.value_length": (1, 1 << 14),
        "attention.sliding_window": (0, 1 << 28),
        "rope.dimension_count": (0, 1 << 14),
        "expert_count": (0, 1024),
        "expert_used_count": (0, 1024),
        "nextn_predict_layers": (0, _MOST_LAYERS),
        "ssm.conv_kernel": (0, 1 << 8),
        "ssm.inner_size": (0, 1 << 20),
        "ssm.state_size": (0, 1 << 16),
        "ssm.group_count": (0, 1 << 12),
        "pooling_type": (0, 4),
    }
)
_NEEDED = ("block_count", "context_length", "embedding_length")
_BY_LAYER = ("attention.head_count", "attention.head_count_kv", "feed_forward_length")


def check_metadata(header: GgufHeader) -> None:
    """Look at every entry that a model is built from; raises `Malformed` with the reason."""
    _check_architecture(header)
    _check_heads(header)
    _check_vocabulary(header)


def check_architecture_name(header: GgufHeader) -> None:
    """The name that all other entries begin with; raises `Malformed`."""
    name = header.architecture
    if not name:
        raise Malformed("it does not say which architecture it is")
    if len(name) > _LONGEST_ARCHITECTURE or not name.isprintable() or not name.isascii():
        raise Malformed("the name of its architecture is no name")


def _check_architecture(header: GgufHeader) -> None:
    check_architecture_name(header)
    architecture = header.architecture
    for key in _NEEDED:
        if f"{architecture}.{key}" not in header.metadata:
            raise Malformed(f"it does not state its {_spoken(key)}")
    for key, (low, high) in _COUNTS.items():
        _check_count(f"{architecture}.{key}", header.metadata, low, high)
    for key, value in header.metadata.items():
        if key.startswith(f"{architecture}.") and not isinstance(value, Array):
            _check_real(key, value)
    _check_layers(header)


def _check_layers(header: GgufHeader) -> None:
    layers = header.of_model("block_count")
    for key in _BY_LAYER:
        listed = header.metadata.get(f"{header.architecture}.{key}")
        if isinstance(listed, Array) and listed.size != layers:
            raise Malformed(
                f"it has {layers} layers, and its {_spoken(key)} is stated for {listed.size}"
            )
    if header.of_model("expert_used_count") > header.of_model("expert_count"):
        raise Malformed("it uses more experts than it has")
    if header.of_model("nextn_predict_layers") > layers:
        raise Malformed("it has more layers for looking ahead than layers")


def _check_heads(header: GgufHeader) -> None:
    layers = header.of_model("block_count")
    heads = header.of_layers("attention.head_count", layers)
    shared = header.of_layers("attention.head_count_kv", layers)
    for count, kept in zip(heads, shared, strict=False):
        if kept and count % kept:
            raise Malformed(f"its {count} heads cannot share {kept} key heads")
    widest = max(heads, default=0)
    stated = f"{header.architecture}.attention.key_length" in header.metadata
    if widest and not stated and header.of_model("embedding_length") % widest:
        raise Malformed(f"its embedding length cannot be shared by {widest} heads")
    if header.of_model("rope.dimension_count") % 2:
        raise Malformed("its rope dimension count is odd")


def _check_count(key: str, metadata: Mapping[str, Value], low: int, high: int) -> None:
    value = metadata.get(key, low)
    if isinstance(value, Array) and value.texts:
        raise Malformed(f"its {_spoken(key.partition('.')[2])} is stated in words")
    for one in value.elements if isinstance(value, Array) else (value,):
        if not isinstance(one, int) or isinstance(one, bool) or not low <= one <= high:
            raise Malformed(f"its {_spoken(key.partition('.')[2])} is {str(one)[:40]}")


def _check_real(key: str, value: Value) -> None:
    spoken = _spoken(key.partition(".")[2])
    positive = key.endswith(("epsilon", "rope.freq_base"))
    if positive and not isinstance(value, float):
        raise Malformed(f"its {spoken} is not a number with a fraction")
    if isinstance(value, float) and (not math.isfinite(value) or (positive and value <= 0)):
        raise Malformed(f"its {spoken} is {value}")


def _check_vocabulary(header: GgufHeader) -> None:
    model = header.metadata.get("tokenizer.ggml.model", "")
    if not isinstance(model, str) or model in _NO_VOCABULARY:
        raise Malformed(f"its tokenizer is of a kind that is not known ({str(model)[:40]})")
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, Array) or not tokens.texts:
        raise Malformed("it holds no vocabulary")
    named = [text for text in tokens.texts if text]  # llama.cpp gives the empty ones names
    if len(set(named)) < len(named):
        raise Malformed("its vocabulary holds a token twice")
    for key in ("scores", "token_type"):
        beside = header.metadata.get(f"tokenizer.ggml.{key}")
        if beside is not None and (not isinstance(beside, Array) or beside.size < tokens.size):
            raise Malformed("the parts of its vocabulary are of different lengths")
    for name in _TOKEN_IDS:
        token = header.metadata.get(f"tokenizer.ggml.{name}_token_id", 0)
        if not isinstance(token, int) or not 0 <= token < tokens.size:
            raise Malformed(f"its {name} token is not in its vocabulary")


def _spoken(key: str) -> str:
    return key.replace("_", " ").replace(".", " ")
