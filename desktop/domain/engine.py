"""How models are run: what a person may set, what was measured, what memory it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Toggle(StrEnum):
    """A choice that is left to Carrel, or fixed by the person."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class KvCacheType(StrEnum):
    """The numbers in which a context is kept; `AUTO` is what was measured best, half precision
    where nothing was."""

    AUTO = "auto"
    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


class SamplerPreset(StrEnum):
    """How freely an answer is worded."""

    PRECISE = "precise"
    BALANCED = "balanced"
    CREATIVE = "creative"


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """How the next token is drawn. `temperature` 0 is greedy; `seed` makes a draw repeatable.

    `top_p`, `typical_p` 1 and `top_k`, `min_p`, the two penalties 0 switch a sampler off;
    `json_schema` holds the answer to a JSON schema, "" to none.
    """

    temperature: float = 0.2
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.1
    repeat_last_tokens: int = 128
    seed: int = 42
    max_tokens: int = 512
    typical_p: float = 1.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    json_schema: str = ""


def preset_sampler(
    preset: SamplerPreset, others: SamplerSettings = SamplerSettings()
) -> SamplerSettings:
    """Return how a preset draws; seed, length and schema are those of `others`."""
    if preset is SamplerPreset.PRECISE:
        temperature, top_k, top_p, repeat_penalty = 0.2, 40, 0.95, 1.1
    elif preset is SamplerPreset.BALANCED:
        temperature, top_k, top_p, repeat_penalty = 0.7, 60, 0.95, 1.1
    else:
        # The wider the choice, the more min_p does of the work; repeating is rarer by itself.
        temperature, top_k, top_p, repeat_penalty = 1.0, 0, 0.98, 1.05
    return SamplerSettings(
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        min_p=0.05,
        repeat_penalty=repeat_penalty,
        seed=others.seed,
        max_tokens=others.max_tokens,
        json_schema=others.json_schema,
    )


def preset_of(sampler: SamplerSettings) -> SamplerPreset | None:
    """Return the preset that draws like this, None where a person chose numbers of their own."""
    drawn_alike = (preset for preset in SamplerPreset if preset_sampler(preset, sampler) == sampler)
    return next(drawn_alike, None)


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How a model is loaded; 0, `AUTO` and "" mean chosen from the machine, -1 GPU layers all
    that fit.

    `threads` write and `reading_threads` read prompts; `batch_tokens` are read between two looks
    at the stop; `device` is a name of `Device`, "cpu" keeps off every GPU. A model that nobody
    asked for `idle_minutes` leaves the memory; 0 never.
    """

    context_tokens: int = 0
    threads: int = 0
    batch_tokens: int = 0
    gpu_layers: int = -1
    reading_threads: int = 0
    device: str = ""
    flash_attention: Toggle = Toggle.AUTO
    memory_map: Toggle = Toggle.AUTO
    kv_type: KvCacheType = KvCacheType.AUTO
    prompt_lookup: Toggle = Toggle.AUTO
    idle_minutes: int = 0


@dataclass(frozen=True, slots=True)
class AdapterUse:
    """A LoRA adapter laid over a model; `strength` 1 is as it was trained."""

    model_id: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelChoices:
    """What a person chose for one model; None and "" follow the settings and the model file."""

    engine: EngineSettings | None = None
    sampler: SamplerSettings | None = None
    chat_template: str = ""
    adapters: tuple[AdapterUse, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineTuning:
    """What a short measurement found best for one model on one machine.

    Speeds are tokens per second; `lookup_ratio` is writing with prompt lookup against writing
    without it on a quoting answer, 0 where it was not measured. `machine` names processor,
    devices and build, so that another machine measures again.
    """

    machine: str
    measured_at: float
    threads: int
    reading_threads: int
    batch_tokens: int
    flash_attention: bool
    memory_map: bool
    kv_type: KvCacheType
    reading_speed: float
    writing_speed: float
    lookup_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class TuningStep:
    """How far the measurement of a model is, and what is measured next."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class MemoryNeeded:
    """What a loaded model takes, in bytes, by part."""

    weights: int
    kv_cache: int
    compute: int
    projector: int = 0
    adapters: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.kv_cache + self.compute + self.projector + self.adapters


@dataclass(frozen=True, slots=True)
class FitRemedy:
    """The setting of `EngineSettings` and its value with which a model would fit."""

    setting: str
    value: int | str


@dataclass(frozen=True, slots=True)
class MemoryFit:
    """Whether a model fits, said before it is loaded. `gpu_bytes` of `needed` lie on a GPU."""

    needed: MemoryNeeded
    free_bytes: int
    fits: bool
    context_tokens: int
    gpu_layers: int = 0
    gpu_bytes: int = 0
    gpu_free_bytes: int = 0
    remedy: FitRemedy | None = None


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How a model is loaded, every number checked against the model and the machine.

    `fell_back` says in plain words why a GPU is not used though one was to be, "" otherwise.
    `whole_windows` keeps every token also in layers that look back through a window, so that a
    conversation can be cut anywhere; memory decides.
    """

    context_tokens: int
    batch_tokens: int
    threads: int
    reading_threads: int
    gpu_layers: int
    all_layers: int
    device: str
    flash_attention: bool
    memory_map: bool
    kv_type: KvCacheType
    prompt_lookup: bool
    memory: MemoryNeeded
    tuned: bool = False
    fell_back: str = ""
    whole_windows: bool = True


@dataclass(frozen=True, slots=True)
class Device:
    """A place llama.cpp can compute."""

    name: str
    kind: str
    description: str
    memory_total_bytes: int
    memory_free_bytes: int

    @property
    def computes_graphics(self) -> bool:
        return "gpu" in self.kind

    @property
    def shares_main_memory(self) -> bool:
        """Whether what lies on it takes from the processor's memory."""
        return self.kind == "integrated gpu" or self.name.startswith(("Metal", "MTL"))


@dataclass(frozen=True, slots=True)
class SequenceState:
    """The tokens that a model has read, and what it computed for them, as the engine's own bytes.

    `key` names what they hold for: the same model, run in the same way by the same library.
    """

    key: str
    tokens: tuple[int, ...]
    payload: bytes | bytearray
