"""Settings are saved whole, read leniently, and never lost in silence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.domain.settings import AnswerSettings, AppearanceSettings, Settings, Theme
from desktop.storage.settings_file import (
    load_settings,
    load_window_state,
    save_settings,
    save_window_state,
)

CHANGED = Settings(
    model_id="mine",
    appearance=AppearanceSettings(Theme.DARK, 130),
    answers=AnswerSettings(9, SamplerSettings(temperature=0.7, seed=7)),
    engine=EngineSettings(gpu_layers=0),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "settings.json"


def test_without_a_file_every_setting_has_its_default(path: Path) -> None:
    assert load_settings(path) == (Settings(), None)


def test_saved_settings_come_back_equal_and_leave_no_other_file(path: Path) -> None:
    save_settings(path, Settings())
    save_settings(path, CHANGED)
    assert load_settings(path) == (CHANGED, None)
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_keys_of_another_version_are_kept(path: Path) -> None:
    save_settings(path, CHANGED)
    plain = json.loads(path.read_text())
    plain["future"] = {"a": [1]}
    plain["answers"]["sampler"]["mirostat"] = 2
    path.write_text(json.dumps(plain))
    save_settings(path, replace(CHANGED, model_id="other"))
    again = json.loads(path.read_text())
    assert again["future"] == {"a": [1]}
    assert again["answers"]["sampler"]["mirostat"] == 2
    assert again["model_id"] == "other"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe{}", b'{"model_id"', b"[" * 100_000],
    ids=["empty", "cut", "list", "null", "no text", "half", "deep"],
)
def test_an_unreadable_file_is_set_aside_under_the_name_returned(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings, aside = load_settings(path)
    assert settings == Settings()
    assert aside is not None
    assert (path.parent / aside).read_bytes() == content
    assert not path.exists()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"answers": {"passages": 500}}, replace(Settings(), answers=AnswerSettings(20))),
        ({"answers": {"passages": -1}}, replace(Settings(), answers=AnswerSettings(1))),
        ({"answers": {"passages": "six"}}, Settings()),
        ({"answers": {"passages": True}}, Settings()),
        ({"answers": 5, "model_id": "m"}, Settings(model_id="m")),
        ({"appearance": {"theme": "purple"}}, Settings()),
        ({"answers": {"sampler": {"temperature": float("nan")}}}, None),
    ],
)
def test_a_value_out_of_limits_or_of_a_wrong_type_does_not_cost_the_others(
    path: Path, written: dict[str, Any], expected: Settings | None
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps(written))
    settings, aside = load_settings(path)
    assert aside is None
    if expected is None:
        assert 0.0 <= settings.answers.sampler.temperature <= 2.0
    else:
        assert settings == expected


def test_saving_keeps_numbers_within_their_limits(path: Path) -> None:
    save_settings(path, replace(Settings(), appearance=AppearanceSettings(font_percent=9000)))
    assert load_settings(path)[0].appearance.font_percent == 200


def test_the_window_state_is_kept_and_a_broken_one_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    assert load_window_state(path) == {}
    save_window_state(path, {"geometry": "AdnQ", "split": [200, 900]})
    assert load_window_state(path) == {"geometry": "AdnQ", "split": [200, 900]}
    path.write_text("{")
    assert load_window_state(path) == {}
    save_window_state(path, {"a": 1})
    assert load_window_state(path) == {"a": 1}
