"""Penalties on what an answer has said already, laid on the few tokens that they concern.

llama.cpp's own sampler looks up every token of the vocabulary to find them: 0.1 ms a token with
49,000 tokens, more than all other samplers together.
"""

from __future__ import annotations

import ctypes
from collections import Counter, deque
from typing import Any

import numpy as np

from desktop.domain.engine import SamplerSettings


class RepeatPenalty:
    """Counts the last tokens; the numbers are llama.cpp's, bit for bit."""

    def __init__(self, settings: SamplerSettings) -> None:
        self._repeated = np.float32(settings.repeat_penalty)
        self._frequency = np.float32(settings.frequency_penalty)
        self._presence = np.float32(settings.presence_penalty)
        self._last: deque[int] = deque(maxlen=settings.repeat_last_tokens)
        self._counts: Counter[int] = Counter()
        changed = (settings.repeat_penalty, settings.frequency_penalty, settings.presence_penalty)
        self._changes = settings.repeat_last_tokens > 0 and changed != (1.0, 0.0, 0.0)

    @property
    def is_due(self) -> bool:
        """Whether there is any token to lay it on."""
        return bool(self._counts)

    def lay_on(self, logits: Any) -> None:
        """Change the numbers of the tokens that were said, in place."""
        if not self._counts:
            return
        said = np.fromiter(self._counts, np.intp, len(self._counts))
        found = logits[said]
        found = np.where(found <= 0, found * self._repeated, found / self._repeated)
        if self._frequency or self._presence:
            counts = np.fromiter(self._counts.values(), np.float32, len(self._counts))
            found -= counts * self._frequency + self._presence
        logits[said] = found

    def add(self, token: int) -> None:
        """Count a token that is said, and forget the one that has become too old."""
        if not self._changes:
            return
        if len(self._last) == self._last.maxlen:
            oldest = self._last[0]
            self._counts[oldest] -= 1
            if not self._counts[oldest]:
                del self._counts[oldest]
        self._last.append(token)
        self._counts[token] += 1


def logits_of(functions: Any, context: Any, row: int, vocabulary_size: int) -> Any:
    """llama.cpp's own numbers for the token behind one row of the last output, not a copy."""
    found = functions.llama_get_logits_ith(context, row)
    numbers = (ctypes.c_float * vocabulary_size).from_address(ctypes.addressof(found.contents))
    return np.frombuffer(memoryview(numbers), np.float32)
