"""Drawing under a JSON schema: the free draw first, another one only where the grammar refuses it.

Applying the grammar to the whole vocabulary for every token halved the speed; this costs 2 %.
"""

from __future__ import annotations

import codecs
import ctypes
import math
from types import TracebackType
from typing import Any

import numpy as np

from desktop.domain.engine import SamplerSettings
from desktop.domain.errors import SchemaNotSupported
from desktop.inference.repeat_penalty import logits_of
from desktop.inference.schema_grammar import grammar_of
from desktop.inference.token_sampler import TokenSampler
from desktop.inference.vocabulary import Vocabulary

# llama.cpp's `llama_token_data`.
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_NONE = -1


def open_sampler(
    functions: Any, vocabulary: Vocabulary, settings: SamplerSettings
) -> TokenSampler | SchemaSampler:
    """The sampler for one answer; raises `SchemaNotSupported`."""
    if settings.json_schema.strip():
        return SchemaSampler(functions, vocabulary, settings)
    return TokenSampler(functions, vocabulary.size, settings)


class SchemaSampler:
    """Draws what a JSON schema allows next; use it in a `with` statement."""

    def __init__(self, functions: Any, vocabulary: Vocabulary, settings: SamplerSettings) -> None:
        grammar = grammar_of(settings.json_schema).encode()
        self._functions = functions
        self._vocabulary = vocabulary
        self._grammar = functions.llama_sampler_init_grammar(vocabulary.handle, grammar, b"root")
        # llama.cpp has its own eyes for what would never end.
        if not self._grammar:
            raise SchemaNotSupported("llama.cpp does not take its grammar")
        self._free = TokenSampler(functions, vocabulary.size, settings)
        self._text = codecs.getincrementaldecoder("utf-8")("strict")
        self._blank = np.zeros(vocabulary.size, _CANDIDATE)
        self._blank["id"] = np.arange(vocabulary.size)
        self._all = self._blank.copy()
        self._one = np.zeros(1, _CANDIDATE)

    def draw(self, context: Any, row: int = -1) -> int:
        """Draw from a row of the last output; -1 where the grammar allows none of the tokens."""
        logits = logits_of(self._functions, context, row, self._vocabulary.size)
        self._free.penalise(logits)
        token = self._picked(logits)
        if not self._allows(token):
            token = self._picked_among_allowed(logits)
        if token != _NONE:
            self._text.decode(self._vocabulary.piece(token))
            self._free.remember(token)
            self._functions.llama_sampler_accept(self._grammar, token)
        return token

    def __enter__(self) -> SchemaSampler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._free.__exit__(kind, error, trace)
        self._functions.llama_sampler_free(self._grammar)

    def _picked(self, logits: Any) -> int:
        candidates = self._candidates(self._all, logits)
        self._free.pick(ctypes.byref(candidates))
        return int(self._all["id"][candidates.selected])

    def _picked_among_allowed(self, logits: Any) -> int:
        candidates = self._candidates(self._all, logits)
        self._functions.llama_sampler_apply(self._grammar, ctypes.byref(candidates))
        allowed = self._all["logit"].copy()
        while np.isfinite(allowed).any():
            token = self._picked(allowed)
            if self._spells(token):
                return token
            allowed[token] = -math.inf
        return _NONE

    def _allows(self, token: int) -> bool:
        self._one["id"], self._one["logit"] = token, 1.0
        candidates = self._array(self._one)
        self._functions.llama_sampler_apply(self._grammar, ctypes.byref(candidates))
        return bool(np.isfinite(self._one["logit"][0])) and self._spells(token)

    def _spells(self, token: int) -> bool:
        """Whether a token is text that can stand next, or the end.

        The grammar sees the names of control tokens, and takes spellings that no UTF-8 has.
        """
        if self._vocabulary.ends_generation(token):
            return True
        piece = self._vocabulary.piece(token)
        before = self._text.getstate()
        try:
            self._text.decode(piece)
        except UnicodeDecodeError:
            return False
        finally:
            self._text.setstate(before)
        return bool(piece)

    def _candidates(self, into: Any, logits: Any) -> Any:
        # The samplers sort what they are given, so the order is put back too.
        np.copyto(into, self._blank)
        into["logit"] = logits
        return self._array(into)

    def _array(self, candidates: Any) -> Any:
        functions = self._functions
        data = candidates.ctypes.data_as(ctypes.POINTER(functions.llama_token_data))
        return functions.llama_token_data_array(data, len(candidates), -1, False)
