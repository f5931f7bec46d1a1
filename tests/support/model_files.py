"""Chat models of any shape, written by a script: included vocabulary, random weights or none."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from desktop.inference.gguf_check import check_header
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import TENSOR_TYPES, Array
from desktop.inference.included_models import chat_model_path

_U32, _F32, _BOOL, _STRING, _ARRAY, _I32 = 4, 6, 7, 8, 9, 5
_ALIGNMENT = 32
_SMALL = 0.02  # weights of this size keep the outputs finite
_MOST_AT_ONCE = 1 << 22
F32, F16, Q4_0, Q8_0 = 0, 1, 2, 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a model; `head_width` 0 is width / heads, `vocabulary` 0 the included one."""

    architecture: str = "llama"
    layers: int = 4
    width: int = 256
    feed_forward: int = 768
    heads: int = 4
    kv_heads: int = 2
    head_width: int = 0
    vocabulary: int = 0
    context: int = 8192
    experts: int = 0
    experts_used: int = 0
    window: int = 0
    tied: bool = True
    type: int = Q8_0

    @property
    def head(self) -> int:
        return self.head_width or self.width // self.heads


def write_model(path: Path, recipe: Recipe, *, weights: bool = True, seed: int = 1) -> Path:
    """Write the model; without `weights` the file is sparse and of full size."""
    return _write(path, list(_entries(recipe)), list(_tensors(recipe)), seed if weights else None)


def write_adapter(
    path: Path, tensor: str, shape: tuple[int, int], rank: int, *, architecture: str = "llama"
) -> Path:
    """Write a LoRA adapter of random numbers over one matrix of a model."""
    entries = [
        ("general.architecture", _STRING, architecture),
        ("general.type", _STRING, "adapter"),
        ("general.name", _STRING, "an adapter"),
        ("adapter.type", _STRING, "lora"),
        ("adapter.lora.alpha", _F32, 4000.0),  # strong, so that even a small one is seen
    ]
    halves = [
        (f"{tensor}.lora_a", F16, (shape[0], rank)),
        (f"{tensor}.lora_b", F16, (rank, shape[1])),
    ]
    return _write(path, entries, halves, 1)


def _write(
    path: Path,
    entries: Sequence[tuple[str, int, Any]],
    tensors: Sequence[tuple[str, int, tuple[int, ...]]],
    seed: int | None,
) -> Path:
    infos, offset = b"", 0
    placed: list[tuple[int, tuple[int, ...], int]] = []
    for name, kind, shape in tensors:
        infos += _text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        infos += struct.pack("<IQ", kind, offset)
        placed.append((kind, shape, offset))
        offset += _padded(_size(kind, shape))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(placed), len(entries))
    head += b"".join(_entry(*one) for one in entries) + infos
    head += bytes(-len(head) % _ALIGNMENT)
    with path.open("wb") as opened:
        opened.write(head)
        opened.truncate(len(head) + offset)
        random = np.random.default_rng(seed)
        for kind, shape, at in placed if seed is not None else ():
            opened.seek(len(head) + at)
            for part in _values(random, kind, shape):
                opened.write(part)
    return path


def _values(random: np.random.Generator, kind: int, shape: tuple[int, ...]) -> Iterator[bytes]:
    count = int(np.prod(shape))
    if kind == F32:  # a norm
        yield np.ones(count, np.float32).tobytes()
        return
    for start in range(0, count, _MOST_AT_ONCE):
        some = min(_MOST_AT_ONCE, count - start)
        if kind == F16:
            yield (random.standard_normal(some, np.float32) * _SMALL).astype(np.float16).tobytes()
        else:
            _, block, size = TENSOR_TYPES[kind]
            blocks = random.integers(0, 256, (some // block, size), np.uint8)
            scale = np.array([_SMALL / (64 if kind == Q8_0 else 4)], np.float16).view(np.uint8)
            blocks[:, :2] = scale
            yield blocks.tobytes()


def _tensors(recipe: Recipe) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    width, kind = recipe.width, recipe.type
    vocabulary = recipe.vocabulary or _included_vocabulary()
    yield "token_embd.weight", kind, (width, vocabulary)
    if not recipe.tied:
        yield "output.weight", kind, (width, vocabulary)
    yield "output_norm.weight", F32, (width,)
    queries, keys = recipe.heads * recipe.head, recipe.kv_heads * recipe.head
    for layer in range(recipe.layers):
        at = f"blk.{layer}."
        yield at + "attn_norm.weight", F32, (width,)
        yield at + "ffn_norm.weight", F32, (width,)
        if recipe.architecture in ("qwen3", "qwen3moe", "gemma3"):
            yield at + "attn_q_norm.weight", F32, (recipe.head,)
            yield at + "attn_k_norm.weight", F32, (recipe.head,)
        if recipe.architecture in ("gemma2", "gemma3"):
            yield at + "post_attention_norm.weight", F32, (width,)
            yield at + "post_ffw_norm.weight", F32, (width,)
        if recipe.architecture == "qwen2":
            for name, size in (("q", queries), ("k", keys), ("v", keys)):
                yield at + f"attn_{name}.bias", F32, (size,)
        if recipe.architecture == "phi3":
            yield at + "attn_qkv.weight", kind, (width, queries + 2 * keys)
        else:
            yield at + "attn_q.weight", kind, (width, queries)
            yield at + "attn_k.weight", kind, (width, keys)
            yield at + "attn_v.weight", kind, (width, keys)
        yield at + "attn_output.weight", kind, (queries, width)
        yield from _feed_forward(recipe, at)


def _feed_forward(recipe: Recipe, at: str) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    width, wide, kind = recipe.width, recipe.feed_forward, recipe.type
    if recipe.experts:
        yield at + "ffn_gate_inp.weight", F32, (width, recipe.experts)
        yield at + "ffn_gate_exps.weight", kind, (width, wide, recipe.experts)
        yield at + "ffn_up_exps.weight", kind, (width, wide, recipe.experts)
        yield at + "ffn_down_exps.weight", kind, (wide, width, recipe.experts)
    elif recipe.architecture == "phi3":
        yield at + "ffn_up.weight", kind, (width, 2 * wide)
        yield at + "ffn_down.weight", kind, (wide, width)
    else:
        yield at + "ffn_gate.weight", kind, (width, wide)
        yield at + "ffn_up.weight", kind, (width, wide)
        yield at + "ffn_down.weight", kind, (wide, width)


def _entries(recipe: Recipe) -> Iterator[tuple[str, int, Any]]:
    of = recipe.architecture
    yield "general.architecture", _STRING, of
    yield "general.name", _STRING, f"{of} {recipe.layers}x{recipe.width}"
    yield f"{of}.block_count", _U32, recipe.layers
    yield f"{of}.context_length", _U32, recipe.context
    yield f"{of}.embedding_length", _U32, recipe.width
    yield f"{of}.feed_forward_length", _U32, recipe.feed_forward
    yield f"{of}.attention.head_count", _U32, recipe.heads
    yield f"{of}.attention.head_count_kv", _U32, recipe.kv_heads
    if recipe.head_width:
        yield f"{of}.attention.key_length", _U32, recipe.head_width
        yield f"{of}.attention.value_length", _U32, recipe.head_width
    yield f"{of}.rope.dimension_count", _U32, recipe.head
    yield f"{of}.attention.layer_norm_rms_epsilon", _F32, 1e-5
    if recipe.experts:
        yield f"{of}.expert_count", _U32, recipe.experts
        yield f"{of}.expert_used_count", _U32, recipe.experts_used
        if of == "qwen3moe":
            yield f"{of}.expert_feed_forward_length", _U32, recipe.feed_forward
    if recipe.window:
        yield f"{of}.attention.sliding_window", _U32, recipe.window
    yield from _vocabulary(recipe)


def _vocabulary(recipe: Recipe) -> Iterator[tuple[str, int, Any]]:
    included = check_header(chat_model_path())
    tokens = list(_texts(included, "tokens"))
    size = recipe.vocabulary or len(tokens)
    tokens = tokens[:size] + [b"<word %d>" % at for at in range(len(tokens), size)]
    yield "tokenizer.ggml.model", _STRING, "gpt2"
    yield "tokenizer.ggml.pre", _STRING, "smollm"
    yield "tokenizer.ggml.tokens", _ARRAY, tokens
    # 3 marks a control token, 1 a plain one; the included vocabulary begins with its 17 marks.
    yield "tokenizer.ggml.token_type", _ARRAY, [3 if at < 17 else 1 for at in range(size)]
    yield "tokenizer.ggml.merges", _ARRAY, list(_texts(included, "merges"))
    yield "tokenizer.ggml.bos_token_id", _U32, 1
    yield "tokenizer.ggml.eos_token_id", _U32, 2
    yield "tokenizer.ggml.add_bos_token", _BOOL, False
    yield "tokenizer.chat_template", _STRING, included.text("tokenizer.chat_template")


def _texts(header: GgufHeader, name: str) -> tuple[bytes, ...]:
    value = header.metadata[f"tokenizer.ggml.{name}"]
    assert isinstance(value, Array)
    return value.texts


def _included_vocabulary() -> int:
    return len(_texts(check_header(chat_model_path()), "tokens"))


def _size(kind: int, shape: tuple[int, ...]) -> int:
    _, block, size = TENSOR_TYPES[kind]
    return int(np.prod(shape)) // block * size


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _entry(key: str, kind: int, value: Any) -> bytes:
    return _text(key) + struct.pack("<I", kind) + _value(kind, value)


def _value(kind: int, value: Any) -> bytes:
    if kind == _STRING:
        return _text(value)
    if kind == _ARRAY and isinstance(value[0], bytes):
        return struct.pack("<IQ", _STRING, len(value)) + b"".join(_text(one) for one in value)
    if kind == _ARRAY:
        return struct.pack("<IQ", _I32, len(value)) + struct.pack(f"<{len(value)}i", *value)
    return struct.pack({_U32: "<I", _F32: "<f", _BOOL: "<?"}[kind], value)


def _text(value: str | bytes) -> bytes:
    encoded = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(encoded)) + encoded
