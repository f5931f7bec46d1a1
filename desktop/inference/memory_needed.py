"""How much memory a model takes, from the numbers of its header, before it is loaded.

The sizes follow llama.cpp's own: it allots the weights, one key and value for each place of the
context, and one buffer for the widest step of a batch. The formula of that buffer was fitted to
what llama.cpp states for eleven shapes of model (0.1 to 70 billion weights; grouped heads,
windows, experts, vocabularies of 49,000 to 262,000 tokens) at contexts of 512 to 32,768, batches
of 32 to 1,024, with and without flash attention; `tests/bench/bench_memory.py` holds it to what a
process really takes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType

from desktop.domain.engine import KvCacheType, MemoryNeeded
from desktop.domain.models import ModelShape

# At most this many tokens of a batch have an output computed; more end the process in llama.cpp.
MOST_OUTPUTS = 32

# Values per block and bytes per block.
_KV_BLOCKS = MappingProxyType(
    {
        KvCacheType.AUTO: (1, 2),
        KvCacheType.F16: (1, 2),
        KvCacheType.Q8_0: (32, 34),
        KvCacheType.Q4_0: (32, 18),
    }
)
_PLACES = 256  # contexts and windows are rounded up to so many tokens
_FLOAT_BYTES, _HALF_BYTES = 4, 2
# Texts, scores, merges and look-up tables of one token of the vocabulary.
_TOKEN_BYTES = 340
_BOOKKEEPING_BYTES = 2 << 20
_ROW_BYTES = 1.13  # of one value of a batch, turned into 8 bits for multiplying


@dataclass(frozen=True, slots=True)
class ContextNumbers:
    """What a context is made with, as far as memory goes.

    `whole_windows` keeps every token also in layers that look back through a window, so that a
    conversation can be cut anywhere; without it they keep the window alone.
    """

    context_tokens: int
    batch_tokens: int
    kv_type: KvCacheType = KvCacheType.F16
    flash_attention: bool = True
    whole_windows: bool = True


def memory_needed(
    shape: ModelShape, numbers: ContextNumbers, *, copies: int = 0, adapters: int = 0
) -> MemoryNeeded:
    """The parts in bytes, for a model and one context.

    `copies` are weights that stand in memory twice, `adapters` the adapter files together.
    """
    return MemoryNeeded(
        weights=shape.weights_bytes + copies + shape.vocabulary * _TOKEN_BYTES,
        kv_cache=kv_bytes(shape, numbers),
        compute=compute_bytes(shape, numbers),
        adapters=adapters,
    )


def copied_bytes(shape: ModelShape, repacked: Collection[str], memory_map: bool) -> int:
    """The weights that stand in memory twice.

    Matrices in another order than the file's stand beside it where it is mapped, and so does the
    input's where it is the output's as well.
    """
    turned = sum(size for kind, size in shape.matrix_bytes if kind in repacked)
    shared = shape.input_bytes if shape.shared_input in repacked else 0
    return shared + turned if memory_map else shared


def kv_bytes(shape: ModelShape, numbers: ContextNumbers) -> int:
    """Keys and values of a full context, and the states of layers that keep one."""
    block, block_bytes = _KV_BLOCKS[numbers.kv_type]
    places = padded(numbers.context_tokens)
    values = places * shape.kv_values + window_places(shape, numbers) * shape.window_kv_values
    return values * block_bytes // block + shape.state_bytes


def compute_bytes(shape: ModelShape, numbers: ContextNumbers) -> int:
    """The intermediate results, and what the threads turn into other numbers beside them."""
    return buffer_bytes(shape, numbers) + _work_bytes(shape, numbers) + _BOOKKEEPING_BYTES


def buffer_bytes(shape: ModelShape, numbers: ContextNumbers) -> int:
    """llama.cpp's buffer for the widest step: attention, feed-forward or output."""
    places, batch = padded(numbers.context_tokens), numbers.batch_tokens
    width, queries = shape.embedding_length, shape.heads * shape.head_widths[0]
    keys = shape.kv_heads * sum(shape.head_widths)
    looked_at = places if shape.kv_layers else 0
    attention = 4 * width + queries + keys
    if not numbers.flash_attention:
        attention += shape.heads * looked_at
    forward = 3 * shape.feed_forward_length + 3 * width + max(width, queries)
    # Which token sees which: in half precision with flash attention, once more for the windows.
    mask = looked_at + (window_places(shape, numbers) if shape.window_layers else 0)
    mask = mask // 2 if numbers.flash_attention else mask
    outputs = min(batch, MOST_OUTPUTS) * (shape.vocabulary + 2 * width)
    floats = max(batch * (max(attention, forward) + mask), outputs)
    return floats * _FLOAT_BYTES


def _work_bytes(shape: ModelShape, numbers: ContextNumbers) -> int:
    """The rows of a batch in the numbers of what they are multiplied with, and one output."""
    batch = numbers.batch_tokens
    rows = int(batch * max(shape.feed_forward_length, shape.embedding_length) * _ROW_BYTES)
    if not numbers.flash_attention and shape.kv_layers:
        places = padded(numbers.context_tokens)
        rows = max(rows, batch * shape.heads * places * _HALF_BYTES)
    return rows + shape.vocabulary * _FLOAT_BYTES


def window_places(shape: ModelShape, numbers: ContextNumbers) -> int:
    """How many tokens a layer with a window keeps."""
    places = padded(numbers.context_tokens)
    if numbers.whole_windows or not shape.window_tokens:
        return places
    return min(places, padded(shape.window_tokens + numbers.batch_tokens))


def padded(tokens: int) -> int:
    """The number of places llama.cpp makes of a number of tokens."""
    return -(-tokens // _PLACES) * _PLACES
