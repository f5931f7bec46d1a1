"""How much memory a model will take, from its header, before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.inference.gguf_header import GgufHeader

_KV_VALUE_BYTES = 2  # half precision keys and values
_ACTIVATION_COPIES = 6  # wide intermediate results that live at one time, measured generously
_FLOAT_BYTES = 4
_LIBRARY_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class MemoryNeeded:
    """The parts, in bytes."""

    weights: int
    kv_cache: int
    compute: int

    @property
    def total(self) -> int:
        return self.weights + self.kv_cache + self.compute


def memory_needed(header: GgufHeader, context_tokens: int, batch_tokens: int) -> MemoryNeeded:
    """What a context of this size takes, beside the weights."""
    weights = sum(tensor.size_bytes for tensor in header.tensors)
    widest = max(
        header.of_model("embedding_length"),
        header.of_model("feed_forward_length"),
    )
    vocabulary = header.metadata["tokenizer.ggml.tokens"]
    assert not isinstance(vocabulary, str | int | float)
    activations = batch_tokens * widest * _ACTIVATION_COPIES * _FLOAT_BYTES
    output = batch_tokens * vocabulary.size * _FLOAT_BYTES
    return MemoryNeeded(
        weights, kv_bytes(header, context_tokens), activations + output + _LIBRARY_BYTES
    )


def kv_bytes(header: GgufHeader, context_tokens: int) -> int:
    """The KV cache: a key and a value for each token, layer and key head."""
    heads = max(1, header.of_model("attention.head_count"))
    kv_heads = header.of_model("attention.head_count_kv", heads)
    width = header.of_model("embedding_length") // heads
    per_head = header.of_model("attention.key_length", width) + header.of_model(
        "attention.value_length", width
    )
    layers = header.of_model("block_count")
    return context_tokens * layers * kv_heads * per_head * _KV_VALUE_BYTES
