"""No sampler value reaches C outside its limits."""

from __future__ import annotations

import math
from dataclasses import astuple

from desktop.domain.engine import SamplerSettings
from desktop.inference.token_sampler import checked


def test_sane_settings_stay_as_they_are() -> None:
    settings = SamplerSettings()
    assert checked(settings) == settings


def test_values_beyond_the_limits_are_brought_to_them() -> None:
    low = SamplerSettings(-1.0, -1, -1.0, -1.0, 0.0, -1, -1, -1, -1.0, -9.0, -9.0, "{}")
    within = SamplerSettings(0.0, 0, 0.0, 0.0, 0.5, 0, 0xFFFFFFFF, 1, 0.0, -2.0, -2.0, "{}")
    assert checked(low) == within
    many = 10**9
    high = SamplerSettings(99.0, many, 99.0, 99.0, 99.0, many, 1 << 40, 10**12, 9.0, 9.0, 9.0)
    within = SamplerSettings(5.0, 1000, 1.0, 1.0, 3.0, 4096, 0, 1 << 20, 1.0, 2.0, 2.0)
    assert checked(high) == within


def test_values_that_are_no_numbers_switch_their_sampler_off() -> None:
    nan = math.nan
    settings = checked(SamplerSettings(nan, 40, nan, nan, nan, 64, 1, 10, nan, nan, nan))
    numbers = [value for value in astuple(settings) if not isinstance(value, str)]
    assert all(math.isfinite(value) for value in numbers)
    assert settings == SamplerSettings(0.0, 40, 1.0, 0.0, 1.0, 64, 1, 10, 1.0, 0.0, 0.0)
