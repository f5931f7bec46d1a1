"""A llama.cpp context with the tokens that stand in its KV cache, so that none is read twice."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.inference.llama_library import abort_test

_SEQUENCE = 0
_ABORTED = 2
_NO_ROOM = 1


class Decoded(Enum):
    """How reading tokens ended."""

    DONE = auto()
    STOPPED = auto()
    FULL = auto()


class DecodeFailed(Exception):
    """llama.cpp could not compute; a bug or a broken machine, with its own code."""


class TokenCache:
    """One sequence of tokens in one context; what is read is appended to it."""

    def __init__(self, functions: Any, context: Any, whole_windows: bool = False) -> None:
        """`whole_windows` says that sliding windows keep all tokens, as `EnginePlan` has it."""
        self._functions = functions
        self._context = context
        self._memory = functions.llama_get_memory(context)
        self._tokens: list[int] = []
        self._room: int = functions.llama_n_ctx(context)
        self._batch_tokens: int = functions.llama_n_batch(context)
        # One batch for all: what is read is written into its array of tokens.
        self._staged = (functions.llama_token * self._batch_tokens)()
        self._every_row = (ctypes.c_int8 * self._batch_tokens)(*[1] * self._batch_tokens)
        self._batch = functions.llama_batch_get_one(self._staged, 1)
        self._watched: CancelToken | None = None
        self._flag: Any = None
        model = functions.llama_get_model(context)
        self._window: int = 0 if whole_windows else functions.llama_model_n_swa(model)
        recurrent = functions.llama_model_is_recurrent(model)
        self._forgets = not (recurrent or functions.llama_model_is_hybrid(model))

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def context(self) -> Any:
        """llama.cpp's context, whose last output the next token is drawn from."""
        return self._context

    @property
    def takes_back(self) -> bool:
        """Whether tokens can be read on trial: not where a state or a window has moved on."""
        return self._forgets and self._window == 0

    def spare(self) -> int:
        """How many tokens one reading may take beside the next one."""
        return min(self._room - len(self._tokens), self._batch_tokens) - 1

    @property
    def tokens(self) -> tuple[int, ...]:
        """What stands in the KV cache, from its beginning."""
        return tuple(self._tokens)

    def adopt(self, tokens: Sequence[int]) -> None:
        """Take over a sequence that llama.cpp has restored into this context."""
        self._tokens = list(tokens)

    def forget(self) -> None:
        """Empty the cache: the next prompt is read whole."""
        self._cut(0)

    def keep_prefix_of(self, tokens: Sequence[int]) -> int:
        """Drop what `tokens` does not begin with; return how many of them need no reading.

        At least one token is always left to read: the model's answer comes from its output.
        """
        kept = _common_prefix(self._tokens, tokens)
        # Cutting nothing off matters: a recurrent model would have to read all of it again.
        self.keep_first(min(kept, len(tokens) - 1))
        return len(self._tokens)

    def read(self, tokens: Sequence[int], cancel: CancelToken) -> Iterator[tuple[int, Decoded]]:
        """Read `tokens` in batches; yield how many were read and how each batch ended."""
        for start in range(0, len(tokens), self._batch_tokens):
            batch = tokens[start : start + self._batch_tokens]
            outcome = self.decode(batch, cancel)
            yield start + len(batch), outcome
            if outcome is not Decoded.DONE:
                return

    def decode(self, batch: Sequence[int], cancel: CancelToken, every_row: bool = False) -> Decoded:
        """Append at most one batch of tokens; after a stop the cache is as it was before.

        The output is that of the last token; with `every_row`, one row for each.
        """
        if cancel.cancelled:
            return Decoded.STOPPED
        if len(self._tokens) + len(batch) > self._room:
            return Decoded.FULL
        code = self._compute(batch, cancel, every_row)
        if code == 0:
            self._tokens += batch
            return Decoded.DONE
        # Parts of the batch may stand in the cache already; our list is what counts.
        self._cut(len(self._tokens))
        if code == _ABORTED:
            return Decoded.STOPPED
        if code == _NO_ROOM:
            return Decoded.FULL
        raise DecodeFailed(f"llama_decode answered {code}")

    def keep_first(self, length: int) -> None:
        """Drop all but the first `length` tokens."""
        if length < len(self._tokens):
            self._cut(length)

    def _compute(self, tokens: Sequence[int], cancel: CancelToken, every_row: bool) -> int:
        if cancel is not self._watched:
            self._watch(cancel)
        count = len(tokens)
        batch = self._batch
        self._staged[:count] = tokens
        batch.n_tokens = count
        batch.logits = self._every_row if every_row else None
        return int(self._functions.llama_decode(self._context, batch))

    def _watch(self, cancel: CancelToken) -> None:
        """Let llama.cpp look at this flag from now on; it lives as long as it is looked at."""
        flag = (ctypes.c_char * 2).from_buffer(cancel.memory)
        address = ctypes.addressof(flag)
        self._functions.llama_set_abort_callback(self._context, abort_test(), address)
        self._watched, self._flag = cancel, flag

    def _cut(self, length: int) -> None:
        functions = self._functions
        removed = functions.llama_memory_seq_rm(self._memory, _SEQUENCE, length, -1)
        # Recurrent models cannot forget a part, and a sliding window may have lost what the next
        # token would look back at.
        needed_from = max(0, length - self._window) if self._window else 0
        first = functions.llama_memory_seq_pos_min(self._memory, _SEQUENCE)
        if not removed or (length and not 0 <= first <= needed_from):
            functions.llama_memory_clear(self._memory, True)
            length = 0
        del self._tokens[length:]


def _common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(at for at in range(length) if one[at] != other[at])
