"""An embedding model of one GGUF file, through llama.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.domain.model_errors import EmbedderMissing, ModelDamaged
from desktop.inference.embedder import of_length_one
from desktop.inference.gguf_check import check_header
from desktop.inference.gguf_header import facts_of
from desktop.inference.gguf_parts import stem_of
from desktop.inference.gguf_use import is_embedder
from desktop.inference.model_hash import sha256_of_file, sha256_of_model
from desktop.inference.pooled_model import PooledModel

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
        self.name = stem_of(path.name)
        self.sha256 = sha256_of_model([sha256_of_file(part) for part in header.parts])
        self.precision = facts_of(header).quantization
        self._pooled = PooledModel(path, min(header.of_model("context_length"), _MOST_TOKENS))
        self.dimensions = self._pooled.width

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order; texts end at 512 tokens."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, text in enumerate(texts):
            vectors[at] = self._pooled.row(self._tokens_of(text), self.dimensions)
        return of_length_one(vectors)

    def pieces(self, text: str) -> int:
        """Tokens without the marks at both ends."""
        return len(self._pooled.cut(text, with_ends=False))

    def close(self) -> None:
        """Give the memory back."""
        self._pooled.close()

    def _tokens_of(self, text: str) -> list[int]:
        # Special tokens around the text, none inside it.
        tokens, most = self._pooled.cut(text, with_ends=True), self._pooled.most_tokens
        if len(tokens) > most:
            # The last one says that the text ends.
            tokens = [*tokens[: most - 1], tokens[-1]]
        return tokens or [self._pooled.functions.llama_vocab_bos(self._pooled.vocabulary)]
