"""A model of llama.cpp that gives one row of numbers for a whole text, and writes nothing."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.engine_complaints import refusal_of
from desktop.inference.llama_library import open_library
from desktop.inference.processor import reading_threads


class PooledModel:
    """Weights and a context. Texts go through one by one: nothing is padded."""

    def __init__(self, path: Path, most_tokens: int) -> None:
        """Load a checked file; raises what llama.cpp has against it, as a `ModelError` type."""
        library = open_library()
        library.forget_log()
        self.path = path
        self.most_tokens = most_tokens
        self.functions = library.functions
        options = self.functions.llama_model_default_params()
        options.n_gpu_layers = 0
        self._model = self.functions.llama_model_load_from_file(os.fsencode(path), options)
        if not self._model:
            raise refusal_of(str(path), library.complaints())
        self._context = self.functions.llama_init_from_model(self._model, self._options())
        if not self._context:
            self.functions.llama_model_free(self._model)
            raise ModelDamaged(str(path), library.last_complaint() or "it has no context")
        self.vocabulary = self.functions.llama_model_get_vocab(self._model)
        self.width = int(self.functions.llama_model_n_embd(self._model))

    def row(self, tokens: Sequence[int], width: int) -> NDArray[np.float32]:
        """The first `width` numbers for a text of at most `most_tokens` tokens."""
        functions = self.functions
        functions.llama_memory_clear(functions.llama_get_memory(self._context), True)
        # The batch holds its address and nothing more.
        numbers = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = functions.llama_batch_get_one(numbers, len(tokens))
        failed = functions.llama_decode(self._context, batch)
        found = functions.llama_get_embeddings_seq(self._context, 0)
        if failed or not found:
            raise ModelDamaged(str(self.path), f"llama.cpp gave no numbers (code {failed})")
        return np.ctypeslib.as_array(found, shape=(width,)).copy()

    def cut(self, text: str, *, with_ends: bool, marks: bool = False) -> list[int]:
        """Tokens of a text; the model's marks around it, and inside it where `marks` says so."""
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 8
        buffer = (ctypes.c_int32 * room)()
        count = self.functions.llama_tokenize(
            self.vocabulary, encoded, len(encoded), buffer, room, with_ends, marks
        )
        return list(buffer[: max(0, count)])

    def close(self) -> None:
        """Give the memory back."""
        self.functions.llama_free(self._context)
        self.functions.llama_model_free(self._model)

    def _options(self) -> Any:
        options = self.functions.llama_context_default_params()
        # Every token looks at every other, so a text must fit into one step.
        options.n_ctx = options.n_batch = options.n_ubatch = self.most_tokens
        options.n_seq_max = 1
        options.n_threads = options.n_threads_batch = reading_threads()
        options.embeddings = True
        options.no_perf = True
        return options
