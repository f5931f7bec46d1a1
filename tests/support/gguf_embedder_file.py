"""The included embedder as a GGUF file, written from its own weights and vocabulary."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

_U32, _F32, _BOOL, _STRING, _ARRAY = 4, 6, 7, 8, 9
_FLOAT32, _FLOAT16 = 0, 1
_ALIGNMENT = 32
_MEAN, RANK = 1, 4
_WIDTH = 384
_PARTS = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_AROUND = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}


def write_gguf_embedder(folder: Path, target: Path, pooling: int = _MEAN) -> None:
    """Matrices in 16 bits, the rest in 32, mean pooling; llama.cpp's names for everything."""
    tensors = dict(_tensors(folder))
    if pooling == RANK:
        tensors |= _classifier()
    entries = b"".join(_entry(*one) for one in _entries(folder, pooling))
    count = sum(1 for _ in _entries(folder, pooling))
    infos, data = b"", b""
    for name, values in tensors.items():
        data += bytes(-len(data) % _ALIGNMENT)
        kind = _FLOAT16 if values.dtype == np.float16 else _FLOAT32
        shape = values.shape[::-1]
        infos += _text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        infos += struct.pack("<IQ", kind, len(data))
        data += values.tobytes()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), count) + entries + infos
    target.write_bytes(head + bytes(-len(head) % _ALIGNMENT) + data)


def _classifier() -> dict[str, Any]:
    """Weights drawn by chance, always the same: a score that is no judgement, but a score."""
    draw = np.random.default_rng(3)
    return {
        "cls.weight": draw.normal(0, 0.05, (_WIDTH, _WIDTH)).astype(np.float32),
        "cls.bias": np.zeros(_WIDTH, np.float32),
        "cls.output.weight": draw.normal(0, 0.05, (1, _WIDTH)).astype(np.float32),
        "cls.output.bias": np.zeros(1, np.float32),
    }


def _tensors(folder: Path) -> Iterator[tuple[str, Any]]:
    for name, values in load_file(folder / "model.safetensors").items():
        if name in _AROUND:
            ours = _AROUND[name]
        elif name.startswith("encoder.layer."):
            _, _, layer, rest = name.split(".", 3)
            part, _, kind = rest.rpartition(".")
            ours = f"blk.{layer}.{_PARTS[part]}.{kind}"
        else:
            continue
        wide = values.ndim == 2 and not ours.startswith(("position", "token_types"))
        yield ours, np.ascontiguousarray(values, np.float16 if wide else np.float32)


def _entries(folder: Path, pooling: int) -> Iterator[tuple[str, int, Any]]:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    yield "general.architecture", _STRING, "bert"
    yield "general.name", _STRING, "MiniLM"
    yield "bert.block_count", _U32, config["num_hidden_layers"]
    yield "bert.context_length", _U32, config["max_position_embeddings"]
    yield "bert.embedding_length", _U32, config["hidden_size"]
    yield "bert.feed_forward_length", _U32, config["intermediate_size"]
    yield "bert.attention.head_count", _U32, config["num_attention_heads"]
    yield "bert.attention.layer_norm_epsilon", _F32, config["layer_norm_eps"]
    yield "bert.attention.causal", _BOOL, False
    yield "bert.pooling_type", _U32, pooling
    words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    yield "tokenizer.ggml.model", _STRING, "bert"
    yield "tokenizer.ggml.tokens", _ARRAY, [_as_llama(word) for word in words]
    yield "tokenizer.ggml.token_type_count", _U32, 2
    for name, word in (
        ("bos", "[CLS]"),
        ("eos", "[SEP]"),
        ("unknown", "[UNK]"),
        ("seperator", "[SEP]"),
        ("padding", "[PAD]"),
        ("cls", "[CLS]"),
        ("mask", "[MASK]"),
    ):
        yield f"tokenizer.ggml.{name}_token_id", _U32, words.index(word)


def _as_llama(word: str) -> str:
    """llama.cpp marks where a word begins, WordPiece where it goes on."""
    if word.startswith("[") and word.endswith("]"):
        return word
    return word[2:] if word.startswith("##") else "\u2581" + word


def _entry(key: str, kind: int, value: Any) -> bytes:
    return _text(key) + struct.pack("<I", kind) + _value(kind, value)


def _value(kind: int, value: Any) -> bytes:
    if kind == _STRING:
        return _text(value)
    if kind == _ARRAY:
        return struct.pack("<IQ", _STRING, len(value)) + b"".join(_text(one) for one in value)
    return struct.pack({_U32: "<I", _F32: "<f", _BOOL: "<?"}[kind], value)


def _text(value: Sequence[str] | str) -> bytes:
    encoded = str(value).encode()
    return struct.pack("<Q", len(encoded)) + encoded
