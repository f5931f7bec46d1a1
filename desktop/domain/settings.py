"""Every choice a person can make: type, default, limits and one line each.

Passed in, never fetched. `schema_version` rises when a field changes its meaning; new fields
with defaults need no new version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.models import EngineSettings, SamplerSettings


class Theme(StrEnum):
    """The window's colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class AppearanceSettings:
    """How the window looks."""

    theme: Theme = Theme.SYSTEM
    font_percent: int = 100  # 80 to 200


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are made."""

    passages: int = 6  # retrieved per question, 1 to 20
    sampler: SamplerSettings = SamplerSettings()


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """How files are read."""

    max_file_mb: int = 64  # larger files are named and not read, 1 to 4096
    page_time_limit_s: float = 8.0  # 1 to 120
    reader_memory_mb: int = 1024  # 256 to 8192
    include_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. `model_id` is "" for the included model."""

    schema_version: int = 1
    model_id: str = ""
    appearance: AppearanceSettings = field(default_factory=AppearanceSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
