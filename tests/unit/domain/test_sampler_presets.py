"""A preset says how freely an answer is worded, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.engine import SamplerPreset, SamplerSettings, preset_of, preset_sampler
from desktop.domain.settings import within_limits


def test_presets_grow_freer_and_each_is_within_the_limits() -> None:
    drawn = [preset_sampler(preset) for preset in SamplerPreset]
    temperatures = [sampler.temperature for sampler in drawn]
    assert temperatures == sorted(set(temperatures))
    assert [within_limits(sampler) for sampler in drawn] == drawn


def test_what_is_set_from_the_start_is_the_precise_preset() -> None:
    assert preset_sampler(SamplerPreset.PRECISE) == SamplerSettings()


def test_a_preset_leaves_seed_length_and_schema_alone() -> None:
    own = SamplerSettings(temperature=0.33, seed=7, max_tokens=64, json_schema="{}")
    drawn = preset_sampler(SamplerPreset.CREATIVE, own)
    assert (drawn.seed, drawn.max_tokens, drawn.json_schema) == (7, 64, "{}")


def test_a_preset_is_known_again_and_own_numbers_are_none() -> None:
    for preset in SamplerPreset:
        drawn = preset_sampler(preset, SamplerSettings(seed=9, max_tokens=99))
        assert preset_of(drawn) is preset
        assert preset_of(replace(drawn, temperature=0.31)) is None
