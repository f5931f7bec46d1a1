"""Every choice a person can make: type, default, limits and one line each.

Passed in, never fetched. `schema_version` rises when a field changes its meaning; new fields
with defaults need no new version. `LIMITS` at the end has the lowest and highest of each number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import TypeVar

from desktop.domain.engine import EngineSettings, ModelChoices, SamplerSettings
from desktop.domain.models import EmbedderPrecision

Part = TypeVar("Part")


class Theme(StrEnum):
    """The window's colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class AppearanceSettings:
    """How the window looks."""

    theme: Theme = Theme.SYSTEM
    font_percent: int = 100


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are made."""

    passages: int = 6  # retrieved per question
    sampler: SamplerSettings = SamplerSettings()


class VectorIndexKind(StrEnum):
    """What answers searches by meaning: Carrel's own index (as `auto` does), or Chroma's copy."""

    AUTO = "auto"
    CARREL = "carrel"
    CHROMA = "chroma"


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """How files are read."""

    max_file_mb: int = 1024  # larger files are named and not read
    page_time_limit_s: float = 8.0
    reader_memory_mb: int = 1024
    include_hidden: bool = False
    recognise_text: bool = True  # of pages that are pictures
    embedder_id: str = ""  # in the model register; "" for the included one
    embedder_precision: EmbedderPrecision = EmbedderPrecision.AUTO
    vector_index: VectorIndexKind = VectorIndexKind.AUTO  # from the next start on
    reranker_folder: str = ""  # a cross-encoder that orders the best passages anew; "" for none


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Where new model files are looked for; "" nowhere."""

    folder: str = ""
    import_new: bool = False  # without asking; each still has to pass every check


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. `model_id` is "" for the included model."""

    schema_version: int = 1
    model_id: str = ""
    appearance: AppearanceSettings = field(default_factory=AppearanceSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    kept_states_mb: int = 512  # of disk, for what models have read of chats; 0 keeps none


# By type and field. Fields that are not here are no numbers to limit.
LIMITS: Mapping[type, Mapping[str, tuple[float, float]]] = {
    Settings: {"kept_states_mb": (0, 65536)},
    AppearanceSettings: {"font_percent": (80, 200)},
    ModelSettings: {},
    ModelChoices: {},
    AnswerSettings: {"passages": (1, 20)},
    SamplerSettings: {
        "temperature": (0.0, 2.0),
        "top_k": (0, 1000),
        "top_p": (0.0, 1.0),
        "min_p": (0.0, 1.0),
        "repeat_penalty": (0.5, 2.0),
        "repeat_last_tokens": (0, 4096),
        "seed": (0, 2**32 - 1),
        "max_tokens": (1, 32768),
        "typical_p": (0.0, 1.0),
        "frequency_penalty": (-2.0, 2.0),
        "presence_penalty": (-2.0, 2.0),
    },
    DocumentSettings: {
        "max_file_mb": (1, 4096),
        "page_time_limit_s": (1.0, 120.0),
        "reader_memory_mb": (256, 8192),
    },
    EngineSettings: {
        "context_tokens": (0, 1_048_576),
        # llama.cpp aborts the whole program on absurd numbers of threads.
        "threads": (0, 512),
        "reading_threads": (0, 512),
        "batch_tokens": (0, 8192),
        "idle_minutes": (0, 1440),
        "gpu_layers": (-1, 1024),
    },
}


def within_limits(part: Part) -> Part:
    """Return settings, or a part of them, with each number moved to the nearest allowed one."""
    changes: dict[str, object] = {}
    for each in fields(part):  # type: ignore[arg-type]  # every part is a dataclass
        value = getattr(part, each.name)
        if is_dataclass(value):
            changes[each.name] = within_limits(value)
        elif each.name in LIMITS[type(part)]:
            lowest, highest = LIMITS[type(part)][each.name]
            kind = type(value)
            # NaN is neither below nor above anything; max() with the limit first turns it away.
            changes[each.name] = kind(min(highest, max(lowest, value)))
    return replace(part, **changes)  # type: ignore[type-var]
