"""How the next token is drawn: llama.cpp's own chain of samplers, with its arguments checked."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Any

from desktop.domain.engine import SamplerSettings
from desktop.inference.repeat_penalty import RepeatPenalty, logits_of

_SEED_LIMIT = 0xFFFFFFFF


class TokenSampler:
    """One chain for one answer; use it in a `with` statement, so that C gets its memory back."""

    def __init__(self, functions: Any, vocabulary_size: int, settings: SamplerSettings) -> None:
        settings = checked(settings)
        self._functions = functions
        self._size = vocabulary_size
        self._penalty = RepeatPenalty(settings)
        self._chain = functions.llama_sampler_chain_init(
            functions.llama_sampler_chain_default_params()
        )
        for sampler in _samplers(functions, settings):
            functions.llama_sampler_chain_add(self._chain, sampler)

    def draw(self, context: Any, row: int = -1) -> int:
        """Draw from a row of the last output of `context`, once, and remember what was drawn."""
        functions, penalty = self._functions, self._penalty
        if penalty.is_due:
            penalty.lay_on(logits_of(functions, context, row, self._size))
        token = int(functions.llama_sampler_sample(self._chain, context, row))
        penalty.add(token)
        return token

    def penalise(self, logits: Any) -> None:
        """Lay the penalties on the numbers of one row, which are given to `pick` afterwards."""
        self._penalty.lay_on(logits)

    def pick(self, candidates: Any) -> None:
        """Select one of a `llama_token_data_array`, without remembering it; sorts it on the way."""
        self._functions.llama_sampler_apply(self._chain, candidates)

    def remember(self, token: int) -> None:
        """Count a picked token among those that were written."""
        self._functions.llama_sampler_accept(self._chain, token)
        self._penalty.add(token)

    def __enter__(self) -> TokenSampler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._functions.llama_sampler_free(self._chain)


def checked(settings: SamplerSettings) -> SamplerSettings:
    """`settings` with every value inside its limits: beyond them C aborts or draws nonsense."""
    return SamplerSettings(
        temperature=_within(settings.temperature, 0.0, 5.0, 0.0),
        top_k=int(_within(settings.top_k, 0, 1000, 40)),
        top_p=_within(settings.top_p, 0.0, 1.0, 1.0),
        min_p=_within(settings.min_p, 0.0, 1.0, 0.0),
        repeat_penalty=_within(settings.repeat_penalty, 0.5, 3.0, 1.0),
        repeat_last_tokens=int(_within(settings.repeat_last_tokens, 0, 4096, 0)),
        seed=settings.seed & _SEED_LIMIT,
        max_tokens=int(_within(settings.max_tokens, 1, 1 << 20, 1)),
        typical_p=_within(settings.typical_p, 0.0, 1.0, 1.0),
        frequency_penalty=_within(settings.frequency_penalty, -2.0, 2.0, 0.0),
        presence_penalty=_within(settings.presence_penalty, -2.0, 2.0, 0.0),
        json_schema=settings.json_schema,
    )


def _within(value: float, low: float, high: float, otherwise: float) -> float:
    return min(max(value, low), high) if math.isfinite(value) else otherwise


def _samplers(functions: Any, settings: SamplerSettings) -> list[Any]:
    if settings.temperature == 0.0:
        return [functions.llama_sampler_init_greedy()]
    chain: list[Any] = []
    if settings.top_k > 0:
        chain.append(functions.llama_sampler_init_top_k(settings.top_k))
    if settings.typical_p < 1.0:
        chain.append(functions.llama_sampler_init_typical(settings.typical_p, 1))
    if settings.top_p < 1.0:
        chain.append(functions.llama_sampler_init_top_p(settings.top_p, 1))
    if settings.min_p > 0.0:
        chain.append(functions.llama_sampler_init_min_p(settings.min_p, 1))
    chain.append(functions.llama_sampler_init_temp(settings.temperature))
    chain.append(functions.llama_sampler_init_dist(settings.seed))
    return chain
