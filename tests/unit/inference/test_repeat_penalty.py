"""Our penalties are llama.cpp's own, number for number."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from desktop.domain.engine import SamplerSettings
from desktop.inference.llama_library import open_library
from desktop.inference.repeat_penalty import RepeatPenalty

TOKENS = 500
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


@pytest.mark.parametrize(
    ("repeated", "frequency", "presence", "last"),
    [(1.1, 0.0, 0.0, 64), (1.3, 0.4, 0.2, 16), (0.7, -0.5, 1.5, 200), (1.0, 0.0, 0.6, 1)],
)
def test_penalties_are_those_of_llama_cpp(
    repeated: float, frequency: float, presence: float, last: int
) -> None:
    functions = open_library().functions
    theirs = functions.llama_sampler_init_penalties(TOKENS, last, repeated, frequency, presence)
    ours = RepeatPenalty(
        SamplerSettings(
            repeat_penalty=repeated,
            repeat_last_tokens=last,
            frequency_penalty=frequency,
            presence_penalty=presence,
        )
    )
    draw = np.random.default_rng(3)
    try:
        for _ in range(300):
            logits = draw.normal(0.0, 8.0, TOKENS).astype(np.float32)
            expected = _applied(functions, theirs, logits)
            ours.lay_on(logits)
            assert np.array_equal(logits, expected)
            token = int(draw.integers(0, 40))
            functions.llama_sampler_accept(theirs, token)
            ours.add(token)
    finally:
        functions.llama_sampler_free(theirs)


def test_without_a_penalty_nothing_is_counted() -> None:
    for settings in (SamplerSettings(repeat_penalty=1.0), SamplerSettings(repeat_last_tokens=0)):
        penalty = RepeatPenalty(settings)
        penalty.add(3)
        assert not penalty.is_due


def _applied(functions: Any, sampler: Any, logits: Any) -> Any:
    candidates = np.zeros(TOKENS, _CANDIDATE)
    candidates["id"], candidates["logit"] = np.arange(TOKENS), logits
    data = candidates.ctypes.data_as(ctypes.POINTER(functions.llama_token_data))
    array = functions.llama_token_data_array(data, TOKENS, -1, False)
    functions.llama_sampler_apply(sampler, ctypes.byref(array))
    return candidates["logit"]
