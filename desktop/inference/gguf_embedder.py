"""An embedding model of one GGUF file, through llama.cpp."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.errors import EmbedderMissing, ModelDamaged
from desktop.inference.embedder import of_length_one
from desktop.inference.gguf_header import check_header, facts_of, is_embedder
from desktop.inference.llama_library import open_library
from desktop.inference.model_hash import sha256_of_file
from desktop.inference.processor import reading_threads

# Longer texts are cut; passages are made for 256 tokens.
_MOST_TOKENS = 512


class GgufEmbedder:
    """Implements `Embedder`. Texts go through one by one: nothing is padded."""

    def __init__(self, path: Path) -> None:
        """Load it; raises `EmbedderMissing`, or `ModelDamaged` with what llama.cpp says."""
        if not path.is_file():
            raise EmbedderMissing(str(path))
        header = check_header(path)
        if not is_embedder(header):
            raise ModelDamaged(str(path), "it does not say how its tokens become one vector")
        self.name = path.name.removesuffix(".gguf")
        self.sha256 = sha256_of_file(path)
        self.precision = facts_of(header).quantization
        self._tokens = min(header.of_model("context_length"), _MOST_TOKENS)
        library = open_library()
        library.forget_log()
        self._functions = library.functions
        self._model = self._opened(path, library.last_complaint)
        self._context = self._functions.llama_init_from_model(self._model, self._options())
        if not self._context:
            self._functions.llama_model_free(self._model)
            raise ModelDamaged(str(path), library.last_complaint() or "it has no context")
        self._vocabulary = self._functions.llama_model_get_vocab(self._model)
        self.dimensions = int(self._functions.llama_model_n_embd(self._model))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order; texts end at 512 tokens."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, text in enumerate(texts):
            vectors[at] = self._embed_one(text)
        return of_length_one(vectors)

    def pieces(self, text: str) -> int:
        """Tokens without the marks at both ends."""
        return len(self._cut(text, with_ends=False))

    def close(self) -> None:
        """Give the memory back."""
        self._functions.llama_free(self._context)
        self._functions.llama_model_free(self._model)

    def _embed_one(self, text: str) -> NDArray[np.float32]:
        functions = self._functions
        tokens = self._tokens_of(text)
        functions.llama_memory_clear(functions.llama_get_memory(self._context), True)
        # The batch holds its address and nothing more.
        numbers = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = functions.llama_batch_get_one(numbers, len(tokens))
        failed = functions.llama_decode(self._context, batch)
        found = functions.llama_get_embeddings_seq(self._context, 0)
        if failed or not found:
            raise ModelDamaged(self.name, f"llama.cpp gave no vector (code {failed})")
        return np.ctypeslib.as_array(found, shape=(self.dimensions,)).copy()

    def _tokens_of(self, text: str) -> list[int]:
        tokens = self._cut(text, with_ends=True)
        if len(tokens) > self._tokens:
            # The last one says that the text ends.
            tokens = [*tokens[: self._tokens - 1], tokens[-1]]
        return tokens or [self._functions.llama_vocab_bos(self._vocabulary)]

    def _cut(self, text: str, *, with_ends: bool) -> list[int]:
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 8
        buffer = (ctypes.c_int32 * room)()
        # Special tokens around the text, none inside it.
        count = self._functions.llama_tokenize(
            self._vocabulary, encoded, len(encoded), buffer, room, with_ends, False
        )
        return list(buffer[: max(0, count)])

    def _opened(self, path: Path, complaint: Any) -> Any:
        options = self._functions.llama_model_default_params()
        options.n_gpu_layers = 0
        model = self._functions.llama_model_load_from_file(os.fsencode(path), options)
        if not model:
            raise ModelDamaged(str(path), complaint() or "llama.cpp does not load it")
        return model

    def _options(self) -> Any:
        options = self._functions.llama_context_default_params()
        # Every token looks at every other, so a text must fit into one step.
        options.n_ctx = options.n_batch = options.n_ubatch = self._tokens
        options.n_seq_max = 1
        options.n_threads = options.n_threads_batch = reading_threads()
        options.embeddings = True
        options.no_perf = True
        return options
