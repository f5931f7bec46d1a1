"""Every number that a person may set has a lowest and a highest value."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from desktop.domain.settings import LIMITS, DocumentSettings, Settings, within_limits


def test_a_number_outside_moves_to_the_nearest_allowed_one() -> None:
    moved = within_limits(DocumentSettings(max_file_mb=0, page_time_limit_s=float("nan")))
    assert (moved.max_file_mb, moved.page_time_limit_s) == (1, 1.0)
    assert moved.reader_memory_mb == DocumentSettings().reader_memory_mb


def test_the_defaults_are_within_the_limits() -> None:
    assert within_limits(Settings()) == Settings()


def test_every_number_in_the_settings_has_limits() -> None:
    unlimited = list(_numbers_without_limits(Settings()))
    assert unlimited == ["Settings.schema_version"]


def _numbers_without_limits(part: Any) -> list[str]:
    found = []
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            found += _numbers_without_limits(value)
        elif type(value) in (int, float) and field.name not in LIMITS[type(part)]:
            found.append(f"{type(part).__name__}.{field.name}")
    return found
