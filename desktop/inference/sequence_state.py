"""What stands in a model's KV cache: read ahead, taken out as bytes, and put back."""

from __future__ import annotations

import ctypes
import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SequenceState
from desktop.inference.chat_model import Prompt
from desktop.inference.llama_engine import LlamaEngine
from desktop.inference.standing_tokens import tokens_as_they_stand
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.vocabulary import Vocabulary

_SEQUENCE = 0
# Small pieces: a question that comes meanwhile loses at most one of them.
_AHEAD_TOKENS = 64


def state_key(model_sha256: str, engine: LlamaEngine, adapters: Sequence[tuple[str, float]]) -> str:
    """A short name of everything that the numbers in a state depend on."""
    plan = engine.plan
    facts = [
        model_sha256,
        engine.functions.__version__,
        str(engine.functions.llama_n_ctx(engine.context)),
        plan.kv_type.value,
        str(plan.flash_attention),
        *(f"{Path(path).name} {_size(path)} {strength}" for path, strength in adapters),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def _size(path: str) -> int:
    return Path(path).stat().st_size


class LlamaPrefix:
    """What stands in one model's cache; implements `PromptPrefix`."""

    def __init__(
        self,
        engine: LlamaEngine,
        vocabulary: Vocabulary,
        cache: TokenCache,
        in_use: threading.Lock,
        key: str,
    ) -> None:
        self.key = key
        self._engine = engine
        self._vocabulary = vocabulary
        self._cache = cache
        self._in_use = in_use
        self._room: int = engine.functions.llama_n_ctx(engine.context)

    def tokens_of(self, prompt: Prompt) -> list[int]:
        """The prompt's tokens, split as they were read or written before."""
        return tokens_as_they_stand(prompt, self._vocabulary, self._cache.tokens)

    def standing(self) -> tuple[int, ...]:
        """The tokens that stand in the cache."""
        return self._cache.tokens

    def state_bytes(self) -> int:
        """How large `state` would be."""
        functions, context = self._engine.functions, self._engine.context
        return int(functions.llama_state_seq_get_size(context, _SEQUENCE))

    def read_ahead(self, prompt: Prompt, cancel: CancelToken) -> int:
        """Read in small pieces; see `PromptPrefix.read_ahead`."""
        with self._alone():
            tokens = self.tokens_of(prompt)
            if not prompt.parts or len(tokens) >= self._room:
                return 0
            if list(self._cache.tokens[: len(tokens)]) == tokens:
                return len(tokens)
            start = self._cache.keep_prefix_of(tokens)
            while start < len(tokens):
                piece = tokens[start : start + _AHEAD_TOKENS]
                if self._cache.decode(piece, cancel) is not Decoded.DONE:
                    break
                start += len(piece)
            return start

    def state(self) -> SequenceState | None:
        """Copy what stands there; None also where llama.cpp does not give it out."""
        with self._alone():
            tokens = self._cache.tokens
            size = self.state_bytes()
            if not tokens or not size:
                return None
            payload = bytearray(size)
            into = (ctypes.c_uint8 * size).from_buffer(payload)
            written = self._engine.functions.llama_state_seq_get_data(
                self._engine.context, into, size, _SEQUENCE
            )
            if written != size:
                return None
            return SequenceState(self.key, tokens, payload)

    def restore(self, state: SequenceState) -> int:
        """Put a state back; see `PromptPrefix.restore`. A wrong one leaves an empty cache."""
        with self._alone():
            if state.key != self.key or len(state.tokens) >= self._room:
                return 0
            self._cache.forget()
            if not self._put_back(state):
                self._cache.forget()
                return 0
            self._cache.adopt(state.tokens)
            return len(state.tokens)

    def _put_back(self, state: SequenceState) -> bool:
        functions, context = self._engine.functions, self._engine.context
        # No copy: a state can be as large as what is left of the memory.
        source = (
            (ctypes.c_uint8 * len(state.payload)).from_buffer(state.payload)
            if isinstance(state.payload, bytearray)
            else ctypes.cast(ctypes.c_char_p(state.payload), ctypes.POINTER(ctypes.c_uint8))
        )
        size = len(state.payload)
        if functions.llama_state_seq_set_data(context, source, size, _SEQUENCE) != size:
            return False
        memory = functions.llama_get_memory(context)
        last = functions.llama_memory_seq_pos_max(memory, _SEQUENCE)
        return bool(last == len(state.tokens) - 1)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError("a model does one thing at a time")
        try:
            yield
        finally:
            self._in_use.release()
