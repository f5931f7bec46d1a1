"""Whether drafts from the prompt make a quoting answer faster, on this machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice
from statistics import median
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SamplerSettings
from desktop.inference.prompt_lookup import PromptLookup
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.token_sampler import TokenSampler
from desktop.inference.token_writing import TokenWriter
from desktop.inference.vocabulary import Vocabulary

_TEXT = (
    "The harbour office keeps a list of all boats that lie at the eastern pier. Every owner pays "
    "the fee for a season before the first of March, and shows the keeper the paper of the boat. "
    "Who comes later pays a tenth more; who does not come at all loses the place to the next one."
)
# A text that has stood twice goes on a third time, with any model that was trained at all.
_PROMPT = f"{_TEXT}\n\n{_TEXT}\n\nThe harbour office keeps a list of"
_WRITTEN_TOKENS = 24
_GREEDY = SamplerSettings(temperature=0.0, repeat_penalty=1.0)


def lookup_ratio(
    functions: Any, model: Any, context: Any, cancel: CancelToken, pairs: int = 3
) -> float:
    """How many times as fast a quoting answer is written with drafts; 0 where there can be none.

    `context` is llama.cpp's, of this model, with room for 300 tokens, for the measurement alone.
    The two ways alternate. Raises `Cancelled`.
    """
    vocabulary, cache = Vocabulary(functions, model), TokenCache(functions, context)
    if not cache.takes_back:
        return 0.0
    cache.forget()
    prompt = vocabulary.tokens_of_content(_PROMPT)
    ratios = []
    for _ in range(pairs):
        seconds = [
            _seconds(functions, vocabulary, cache, (prompt, drafts), cancel)
            for drafts in (False, True)
        ]
        cancel.raise_if_cancelled()
        ratios.append(seconds[0] / seconds[1])
    return median(ratios)


def _seconds(
    functions: Any,
    vocabulary: Vocabulary,
    cache: TokenCache,
    what: tuple[Sequence[int], bool],
    cancel: CancelToken,
) -> float:
    """Seconds for one token of the answer."""
    prompt, drafts = what
    ends = vocabulary.ends_generation
    for _, outcome in cache.read(prompt[cache.keep_prefix_of(prompt) :], cancel):
        if outcome is not Decoded.DONE:
            cancel.raise_if_cancelled()
            return 1.0
    with TokenSampler(functions, vocabulary.size, _GREEDY) as sampler:
        writer = TokenWriter(cache, sampler, ends, PromptLookup(prompt, ends) if drafts else None)
        tokens = writer.tokens(cancel)
        next(tokens, None)  # it was drawn from what is read already
        started = time.perf_counter()
        written = len(list(islice(tokens, _WRITTEN_TOKENS)))
        return (time.perf_counter() - started) / max(written, 1)
