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
    RERANKER = "reranker"
    ADAPTER = "adapter"


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
    licence_name: str = ""
    licence_link: str = ""
    maker: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The numbers of a header that memory and layers are computed from, in elements and bytes.

    `layer_bytes` are the weights of one repeating layer, `output_bytes` those of the output
    layer; `kv_heads` and `head_widths` (key, value) are of the widest layer.
    """

    layers: int = 0
    embedding_length: int = 0
    feed_forward_length: int = 0
    heads: int = 0
    kv_heads: int = 0
    head_widths: tuple[int, int] = (0, 0)
    vocabulary: int = 0
    weights_bytes: int = 0
    layer_bytes: int = 0
    output_bytes: int = 0
    window_tokens: int = 0  # of a sliding window; 0 where every layer sees everything
    window_layers: int = 0  # how many layers have that window
    kv_layers: int = 0  # how many layers keep keys and values
    kv_values: int = 0  # keys and values that one token adds, over all layers without a window
    window_kv_values: int = 0  # the same over the layers with one
    state_bytes: int = 0  # of one conversation, in layers that keep a state of a fixed size
    input_bytes: int = 0  # of the input layer's weights, which stay in main memory
    matrix_bytes: tuple[tuple[str, int], ...] = ()  # of the matrices multiplied, by quantization
    shared_input: str = ""  # the input's quantization where its matrix is the output's, too


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What the first load in a throwaway process showed; `engine` names llama.cpp's build."""

    at: float
    passed: bool
    seconds: float
    tokens_per_second: float
    engine: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ModelSpeed:
    """What a model does on this machine: tokens per second, seconds, bytes in memory.

    Medians of `runs` runs: each reads `read_tokens`, which is the time to the first token, and
    writes `written_tokens` behind them.
    """

    reading_speed: float
    writing_speed: float
    seconds_to_first_token: float
    memory_bytes: int
    measured_at: float
    machine: str
    load_seconds: float = 0.0
    read_tokens: int = 0
    written_tokens: int = 0
    runs: int = 0


@dataclass(frozen=True, slots=True)
class SpeedProgress:
    """How far a measurement is; the speeds, in tokens per second, are of the last run, 0 before."""

    run: int
    runs: int
    reading_speed: float = 0.0
    writing_speed: float = 0.0


@dataclass(frozen=True, slots=True)
class Approval:
    """Who allowed a model, when, and why in their words."""

    by: str
    at: float
    note: str = ""


class ModelChangeKind(StrEnum):
    """What happened to a model in the register."""

    IMPORTED = "imported"
    REFUSED = "refused"
    VERIFIED = "verified"
    CHANGED_ON_DISK = "changed_on_disk"
    APPROVED = "approved"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    USED = "used"
    MEASURED = "measured"
    CHOICES_CHANGED = "choices_changed"
    RENAMED = "renamed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One line of a model's history; kept after the model is removed.

    `detail` says what in plain words; `sha256` is the file's at that time.
    """

    model_id: str
    at: float
    by: str
    kind: ModelChangeKind
    detail: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A row of the model register. `sha256` is of the file as it was imported.

    `parts` are the further files of a model in several, `in_place` one that was not copied in;
    `base_architecture` is what an adapter was made for. 0 and "" stand for what nobody stated.
    """

    id: str
    name: str
    path: str = ""
    sha256: str = ""
    size_bytes: int = 0
    architecture: str = ""
    parameters: int = 0
    quantization: str = ""
    context_tokens: int = 0
    licence: str = ""
    origin: str = ""
    included: bool = False
    imported_at: float = 0.0
    imported_by: str = ""
    status: ModelStatus = ModelStatus.READY
    refusal: str = ""
    memory_bytes: int = 0
    tokens_per_second: float = 0.0
    kind: ModelKind = ModelKind.CHAT
    dimensions: int = 0  # of an embedder's vectors
    parts: tuple[str, ...] = ()
    in_place: bool = False
    base_architecture: str = ""
    shape: ModelShape = ModelShape()
    trial: TrialResult | None = None
    speed: ModelSpeed | None = None
    approval: Approval | None = None
    chat_template: str = ""  # the file's own, as text
    modified_ns: int = 0  # of a model in place: its newest file's, when it was last hashed
    licence_name: str = ""  # of a licence that has no short name, and where its text lies
    licence_link: str = ""
    maker: str = ""  # who made it and where it was published, as the file says
    source: str = ""


@dataclass(frozen=True, slots=True)
class NewModelFile:
    """A whole model in the watched folder that the register does not know."""

    path: str
    name: str
    kind: ModelKind
    size_bytes: int


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
class ImportProgress:
    """How far a model import is; `step` is one of "checking", "hashing", "copying", "trying".

    The rate and the time left are 0 while they are not known.
    """

    step: str
    bytes_done: int
    bytes_total: int
    bytes_per_second: float = 0.0
    seconds_left: float = 0.0
