"""Model files and how they are run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModelStatus(StrEnum):
    """Whether a model in the register can be used."""

    READY = "ready"
    REFUSED = "refused"
    MISSING = "missing"


class ModelKind(StrEnum):
    """What a model is for."""

    CHAT = "chat"
    EMBEDDER = "embedder"


class EmbedderPrecision(StrEnum):
    """How finely an embedder computes; `AUTO` is what the processor is made for."""

    AUTO = "auto"
    EXACT = "exact"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a GGUF header says of itself; 0 and "" where it says nothing."""

    name: str
    architecture: str
    parameters: int
    quantization: str
    context_tokens: int
    licence: str
    layers: int
    embedding_length: int
    heads: int
    kv_heads: int
    chat_template: str


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A row of the model register. `sha256` is of the file as it was imported."""

    id: str
    name: str
    path: str
    sha256: str
    size_bytes: int
    architecture: str
    parameters: int
    quantization: str
    context_tokens: int
    licence: str
    origin: str
    included: bool
    imported_at: float
    imported_by: str
    status: ModelStatus
    refusal: str = ""
    memory_bytes: int = 0
    tokens_per_second: float = 0.0
    kind: ModelKind = ModelKind.CHAT
    dimensions: int = 0  # of an embedder's vectors


@dataclass(frozen=True, slots=True)
class EmbedderFacts:
    """The model that turns passages into vectors, how long these are, and how it computes.

    `precision` is "int8", "bf16", "fp32", or the quantization of a GGUF file.
    """

    name: str
    dimensions: int
    precision: str = ""


@dataclass(frozen=True, slots=True)
class EmbedderPlace:
    """Where an embedder lies, and the numbers it is to compute with, as in `EmbedderFacts`."""

    path: str
    precision: str


@dataclass(frozen=True, slots=True)
class EmbeddingProgress:
    """How far a collection's passages are embedded anew."""

    collection: str
    chunks_done: int
    chunks_total: int


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """How the next token is drawn. `temperature` 0 is greedy; `seed` makes a draw repeatable."""

    temperature: float = 0.2
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.1
    repeat_last_tokens: int = 128
    seed: int = 42
    max_tokens: int = 512


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How a model is loaded; 0 means chosen from the machine, -1 GPU layers means all that fit."""

    context_tokens: int = 4096
    threads: int = 0
    batch_tokens: int = 256
    gpu_layers: int = -1


@dataclass(frozen=True, slots=True)
class Device:
    """A place llama.cpp can compute."""

    name: str
    kind: str
    description: str
    memory_total_bytes: int
    memory_free_bytes: int


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a model import is; `step` is one of "checking", "hashing", "copying", "trying"."""

    step: str
    bytes_done: int
    bytes_total: int
