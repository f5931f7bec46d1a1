"""A second context over loaded weights, in which speeds are measured with the model left alone."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan
from desktop.domain.errors import Cancelled
from desktop.inference.llama_engine import EngineFailed, context_options
from desktop.inference.llama_library import abort_test

_ABORTED = 2
_SEQUENCE = 0
# Any tokens do: what is computed does not depend on which they are.
_FIRST_TOKEN, _TOKENS, _STRIDE = 64, 512, 7


class TrialContext:
    """Reads and writes tokens that nobody sees; use it in a `with` statement."""

    def __init__(self, functions: Any, model: Any, plan: EnginePlan, cancel: CancelToken) -> None:
        self.plan = plan
        self._functions = functions
        self._model = model
        self._cancel = cancel
        self._context = functions.llama_init_from_model(model, context_options(functions, plan))
        if not self._context:
            raise EngineFailed("it makes no such context")
        self._flag = (ctypes.c_char * 2).from_buffer(cancel.memory)
        functions.llama_set_abort_callback(
            self._context, abort_test(), ctypes.addressof(self._flag)
        )
        self._memory = functions.llama_get_memory(self._context)
        self._depth = 0

    def __enter__(self) -> TrialContext:
        return self

    def __exit__(self, *_: object) -> None:
        self._functions.llama_free(self._context)

    @property
    def address(self) -> Any:
        """llama.cpp's context, for a measurement of another kind."""
        return self._context

    def use_threads(self, threads: int, reading_threads: int) -> None:
        self._functions.llama_set_n_threads(self._context, threads, reading_threads)

    def fill(self, tokens: int) -> None:
        """Read so many tokens and leave them: speeds are measured behind them."""
        self._read(tokens)
        self._depth += tokens

    def read(self, tokens: int) -> float:
        """Tokens per second of reading so many behind what stands."""
        seconds = self._timed(partial(self._read, tokens))
        return tokens / seconds

    def write(self, tokens: int) -> float:
        """Tokens per second of computing so many one by one behind what stands."""
        seconds = self._timed(partial(self._write, tokens))
        return tokens / seconds

    def outputs(self, tokens: int) -> NDArray[np.float32]:
        """What the model expects after each of so many tokens: a row of values for each."""
        functions = self._functions
        size = functions.llama_vocab_n_tokens(functions.llama_model_get_vocab(self._model))
        rows = []

        def look() -> None:
            for _ in range(tokens):
                self._decode(1)
                values = functions.llama_get_logits_ith(self._context, -1)
                rows.append(np.ctypeslib.as_array(values, (size,)).copy())

        self._timed(look)
        return np.stack(rows)

    def _timed(self, work: Callable[[], None]) -> float:
        started = time.perf_counter()
        work()
        self._functions.llama_synchronize(self._context)
        seconds = time.perf_counter() - started
        removed = self._functions.llama_memory_seq_rm(self._memory, _SEQUENCE, self._depth, -1)
        if not removed:  # a model that keeps a state cannot forget a part of it
            self._functions.llama_memory_clear(self._memory, True)
            self._depth = 0
        return max(seconds, 1e-9)

    def _read(self, tokens: int) -> None:
        batch = self.plan.batch_tokens
        for start in range(0, tokens, batch):
            self._decode(min(batch, tokens - start))

    def _write(self, tokens: int) -> None:
        for _ in range(tokens):
            self._decode(1)

    def _decode(self, count: int) -> None:
        functions = self._functions
        staged = (functions.llama_token * count)(
            *(_FIRST_TOKEN + at * _STRIDE % _TOKENS for at in range(count))
        )
        code = functions.llama_decode(self._context, functions.llama_batch_get_one(staged, count))
        if code == _ABORTED or self._cancel.cancelled:
            raise Cancelled
        if code != 0:
            raise EngineFailed(f"its step ended with {code}")


def divergence(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How far the second model's next tokens are from the first one's: the mean over the rows of
    the Kullback-Leibler divergence, in nats."""
    wanted, found = (_logarithms(values.astype(np.float64)) for values in (one, other))
    return float((np.exp(wanted) * (wanted - found)).sum(axis=1).mean())


def _logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values = values - values.max(axis=1, keepdims=True)
    logarithms: NDArray[np.float64] = values - np.log(np.exp(values).sum(axis=1, keepdims=True))
    return logarithms
