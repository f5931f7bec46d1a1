"""The limits of every number in the settings."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from desktop.domain.models import EngineSettings, SamplerSettings
from desktop.domain.settings import (
    AnswerSettings,
    AppearanceSettings,
    DocumentSettings,
    Settings,
)

Part = TypeVar("Part")
_Limits = dict[str, tuple[float, float]]

# Lowest and highest value, by type and field. Fields that are not here are no numbers to limit.
LIMITS: dict[type, _Limits] = {
    Settings: {},
    AppearanceSettings: {"font_percent": (80, 200)},
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
        "batch_tokens": (1, 8192),
        "gpu_layers": (-1, 1024),
    },
}


def within_limits(part: Part) -> Part:
    """Return settings, or a part of them, with each number moved to the nearest allowed one."""
    changes: dict[str, object] = {}
    for field in fields(part):  # type: ignore[arg-type]  # every part is a dataclass
        value = getattr(part, field.name)
        if is_dataclass(value):
            changes[field.name] = within_limits(value)
        elif field.name in LIMITS[type(part)]:
            lowest, highest = LIMITS[type(part)][field.name]
            kind = type(value)
            # NaN is neither below nor above anything; max() with the limit first turns it away.
            changes[field.name] = kind(min(highest, max(lowest, value)))
    return replace(part, **changes)  # type: ignore[type-var]
