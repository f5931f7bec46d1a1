"""GGUF files written by hand: a tiny model that llama.cpp runs, and every lie about it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

U8, I8, U16, I16, U32, I32, F32, BOOL, TEXT, LIST, U64, I64, F64 = range(13)
_FORMS = {
    U8: "<B",
    I8: "<b",
    U16: "<H",
    I16: "<h",
    U32: "<I",
    I32: "<i",
    F32: "<f",
    BOOL: "<?",
    U64: "<Q",
    I64: "<q",
    F64: "<d",
}
F32_TENSOR, Q8_TENSOR = 0, 8
_ALIGNMENT = 32
_WIDTH, _FORWARD, _LAYERS = 64, 128, 2
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass
class Entry:
    """One key with its value; `raw` are the bytes behind the key, in place of both."""

    key: bytes
    kind: int
    value: object = None
    of: int = TEXT  # what a list is made of
    raw: bytes | None = None

    def encoded(self) -> bytes:
        head = struct.pack("<Q", len(self.key)) + self.key
        if self.raw is not None:
            return head + self.raw
        return head + struct.pack("<I", self.kind) + _value(self.kind, self.value, self.of)


@dataclass
class Part:
    """One tensor; `offset` None is where it belongs, `length` None what its shape takes."""

    name: bytes
    shape: Sequence[int]
    kind: int = F32_TENSOR
    offset: int | None = None
    length: int | None = None
    dimensions: int | None = None

    @property
    def size(self) -> int:
        count = int(np.prod([max(0, one) for one in self.shape], dtype=object))
        return count // 32 * 34 if self.kind == Q8_TENSOR else count * 4


@dataclass
class Draft:
    """A file before it is written; every number may be made to lie."""

    entries: list[Entry]
    parts: list[Part]
    magic: bytes = b"GGUF"
    version: bytes = struct.pack("<I", 3)
    part_count: int | None = None
    entry_count: int | None = None
    alignment: int = _ALIGNMENT
    behind: bytes = b""
    weights: float | None = None  # every weight is this number; None draws them
    _weights: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def set(self, key: str, kind: int, value: object, of: int = TEXT) -> Draft:
        """Give a key another value, or add it."""
        encoded = key.encode()
        kept = [one for one in self.entries if one.key != encoded]
        self.entries = [*kept, Entry(encoded, kind, value, of)]
        return self

    def without(self, key: str) -> Draft:
        self.entries = [one for one in self.entries if one.key != key.encode()]
        return self

    def part(self, name: str) -> Part:
        return next(one for one in self.parts if one.name == name.encode())

    def without_part(self, name: str) -> Draft:
        self.parts = [one for one in self.parts if one.name != name.encode()]
        return self

    def written(self) -> bytes:
        infos, data = b"", b""
        for part in self.parts:
            data += bytes(-len(data) % self.alignment)
            offset = len(data) if part.offset is None else part.offset
            shape = b"".join(struct.pack("<Q", one & (2**64 - 1)) for one in part.shape)
            count = len(part.shape) if part.dimensions is None else part.dimensions
            infos += struct.pack("<Q", len(part.name)) + part.name + struct.pack("<I", count)
            infos += shape + struct.pack("<IQ", part.kind, offset & (2**64 - 1))
            length = part.size if part.length is None else part.length
            data += self._filled(part, length)
        counts = struct.pack(
            "<QQ",
            len(self.parts) if self.part_count is None else self.part_count,
            len(self.entries) if self.entry_count is None else self.entry_count,
        )
        head = self.magic + self.version + counts
        head += b"".join(one.encoded() for one in self.entries) + infos
        return head + bytes(-len(head) % self.alignment) + data + self.behind

    def save(self, path: Path) -> Path:
        path.write_bytes(self.written())
        return path

    def _filled(self, part: Part, length: int) -> bytes:
        if self.weights is not None:
            return np.full(-(-length // 4), self.weights, np.float32).tobytes()[:length]
        if part.name.endswith(b"norm.weight"):
            return np.ones(length // 4, np.float32).tobytes()
        return (
            (self._weights.standard_normal(-(-length // 4)) * 0.05)
            .astype(np.float32)
            .tobytes()[:length]
        )


def tokens() -> list[str]:
    """A small vocabulary of the kind that knows every byte."""
    words = [f"<0x{byte:02X}>" for byte in range(256)]
    return ["<unk>", "<s>", "</s>", *words, *"▁abcdefghijklmnopqrstuvwxyz", "▁the", "▁rent"]


def tiny_model(architecture: str = "llama") -> Draft:
    """A model of two layers that loads and writes nonsense, in 200 kB."""
    words = tokens()
    kinds = [2, 3, 3, *[6] * 256, *[1] * (len(words) - 259)]
    draft = Draft([], _layers(len(words)))
    draft.set("general.architecture", TEXT, architecture)
    draft.set("general.type", TEXT, "model").set("general.name", TEXT, "Tiny")
    draft.set("general.license", TEXT, "mit")
    for key, value in _NUMBERS.items():
        draft.set(f"{architecture}.{key}", U32, value)
    draft.set(f"{architecture}.attention.layer_norm_rms_epsilon", F32, 1e-5)
    draft.set(f"{architecture}.rope.freq_base", F32, 10000.0)
    draft.set("tokenizer.ggml.model", TEXT, "llama")
    draft.set("tokenizer.ggml.tokens", LIST, words)
    draft.set("tokenizer.ggml.scores", LIST, [-float(at) for at in range(len(words))], F32)
    draft.set("tokenizer.ggml.token_type", LIST, kinds, I32)
    draft.set("tokenizer.ggml.bos_token_id", U32, 1).set("tokenizer.ggml.eos_token_id", U32, 2)
    return draft.set("tokenizer.chat_template", TEXT, TEMPLATE)


def split(draft: Draft, folder: Path, count: int, stem: str = "tiny") -> list[Path]:
    """The same model in so many files, as llama.cpp's own tool writes them."""
    share = -(-len(draft.parts) // count)
    paths = []
    for at in range(count):
        part = Draft([], draft.parts[at * share : (at + 1) * share])
        part.entries = list(draft.entries) if at == 0 else []
        part.set("split.no", U16, at).set("split.count", U16, count)
        part.set("split.tensors.count", I32, len(draft.parts))
        paths.append(part.save(folder / f"{stem}-{at + 1:05}-of-{count:05}.gguf"))
    return paths


def adapter(architecture: str = "llama", rank: int = 4) -> Draft:
    """A LoRA adapter for the tiny model's queries."""
    draft = Draft([], [])
    for layer in range(_LAYERS):
        name = f"blk.{layer}.attn_q.weight"
        draft.parts.append(Part(f"{name}.lora_a".encode(), (_WIDTH, rank)))
        draft.parts.append(Part(f"{name}.lora_b".encode(), (rank, _WIDTH)))
    draft.set("general.type", TEXT, "adapter").set("general.architecture", TEXT, architecture)
    draft.set("general.name", TEXT, "Tiny style").set("adapter.type", TEXT, "lora")
    return draft.set("adapter.lora.alpha", F32, 8.0)


_NUMBERS = {
    "block_count": _LAYERS,
    "context_length": 512,
    "embedding_length": _WIDTH,
    "feed_forward_length": _FORWARD,
    "attention.head_count": 4,
    "attention.head_count_kv": 2,
    "rope.dimension_count": 16,
}


def _layers(vocabulary: int) -> list[Part]:
    parts = [
        Part(b"token_embd.weight", (_WIDTH, vocabulary)),
        Part(b"output_norm.weight", (_WIDTH,)),
    ]
    shapes: dict[str, Sequence[int]] = {
        "attn_norm": (_WIDTH,),
        "attn_q": (_WIDTH, _WIDTH),
        "attn_k": (_WIDTH, _WIDTH // 2),
        "attn_v": (_WIDTH, _WIDTH // 2),
        "attn_output": (_WIDTH, _WIDTH),
        "ffn_norm": (_WIDTH,),
        "ffn_gate": (_WIDTH, _FORWARD),
        "ffn_up": (_WIDTH, _FORWARD),
        "ffn_down": (_FORWARD, _WIDTH),
    }
    for layer in range(_LAYERS):
        for name, shape in shapes.items():
            parts.append(Part(f"blk.{layer}.{name}.weight".encode(), shape))
    return parts


def _value(kind: int, value: object, of: int) -> bytes:
    if kind == TEXT:
        encoded = (
            value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
        )
        return struct.pack("<Q", len(encoded)) + encoded
    if kind == LIST:
        assert isinstance(value, list)
        return struct.pack("<IQ", of, len(value)) + b"".join(_value(of, one, TEXT) for one in value)
    return struct.pack(_FORMS[kind], value)


Make = Callable[[Draft], Draft]
