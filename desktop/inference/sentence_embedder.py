"""The included embedding model through sentence-transformers: local files, no foreign code."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.errors import EmbedderMissing
from desktop.inference.processor import multiplies_bfloat16, usable_threads

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_WEIGHTS = "model.safetensors"
_NEEDED = (_WEIGHTS, "tokenizer.json", "config.json", "modules.json", "1_Pooling/config.json")
_MOST_TOKENS = 256
# Larger batches are slower on a processor, and hungrier: their widest text pads all others.
_BATCH_TEXTS = 8
_MOST_THREADS = 8  # a batch of eight texts keeps no more of them busy


class SentenceEmbedder:
    """Implements `Embedder`. `sha256` is of the weights: the identity of its vectors."""

    def __init__(self, folder: Path) -> None:
        """Load the model; raises `EmbedderMissing` when a file of it is not there."""
        if not all((folder / name).is_file() for name in _NEEDED):
            raise EmbedderMissing(str(folder))
        self.name = folder.name
        with (folder / _WEIGHTS).open("rb") as weights:
            self.sha256 = hashlib.file_digest(weights, "sha256").hexdigest()
        self._model = _loaded(folder)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order; texts end at 256 tokens."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]), reverse=True)
        for start in range(0, len(by_length), _BATCH_TEXTS):
            batch = by_length[start : start + _BATCH_TEXTS]
            vectors[batch] = self._embed_batch([texts[at] for at in batch])
        return vectors

    def _embed_batch(self, texts: list[str]) -> NDArray[np.float32]:
        made: Any = self._model.encode(
            texts,
            batch_size=len(texts),
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        vectors = np.asarray(made, dtype=np.float32)
        # The model's own normalising is as coarse as its numbers; this one is exact.
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _loaded(folder: Path) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from tqdm.std import tqdm  # type: ignore[import-untyped]
    from transformers.utils import logging as transformers_logging

    # Progress bars for a terminal nobody looks at; even hidden ones leave a thread behind.
    transformers_logging.disable_progress_bar()
    tqdm.monitor_interval = 0
    torch.set_num_threads(min(usable_threads(), _MOST_THREADS))
    # Where the processor multiplies bfloat16 itself it is 1.6 times as fast, and its vectors
    # stay within cosine 0.9998 of those in single precision.
    precision = torch.bfloat16 if multiplies_bfloat16() else torch.float32
    model = SentenceTransformer(
        str(folder),
        device="cpu",
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True, "dtype": precision},
    )
    model.max_seq_length = _MOST_TOKENS
    return model
