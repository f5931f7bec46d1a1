"""An embedding folder through sentence-transformers: local files, safetensors, no foreign code.

The reference that the included model's graphs are held to, and the way of every imported folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.model_errors import EmbedderMissing
from desktop.inference.embedder import of_length_one
from desktop.inference.embedding_folder import check_embedding_folder, folder_sha256
from desktop.inference.processor import usable_threads

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BF16, FP32 = "bf16", "fp32"
# Longer texts are cut; passages are made for 256 tokens.
_MOST_TOKENS = 512
# Larger batches are slower on a processor, and hungrier: their widest text pads all others.
_BATCH_TEXTS = 8
_MOST_THREADS = 8  # a batch of eight texts keeps no more of them busy


class SentenceEmbedder:
    """Implements `Embedder`. `sha256` is of every file that was checked."""

    def __init__(self, folder: Path, precision: str = FP32) -> None:
        """Load the model; raises `EmbedderMissing`, or `ModelDamaged` with what is wrong."""
        if not folder.is_dir():
            raise EmbedderMissing(str(folder))
        checked = check_embedding_folder(folder)
        self.name = folder.name
        self.sha256 = folder_sha256(folder, checked.files)
        self.precision = precision
        self._model = _loaded(folder, precision)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order; texts end where the model's do."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]), reverse=True)
        for start in range(0, len(by_length), _BATCH_TEXTS):
            batch = by_length[start : start + _BATCH_TEXTS]
            vectors[batch] = self._embed_batch([texts[at] for at in batch])
        return vectors

    def pieces(self, text: str) -> int:
        """Tokens without the marks at both ends."""
        return len(self._model.tokenizer.tokenize(text))

    def _embed_batch(self, texts: list[str]) -> NDArray[np.float32]:
        made: Any = self._model.encode(
            texts,
            batch_size=len(texts),
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        # The model's own normalising is as coarse as its numbers; this one is exact.
        return of_length_one(np.asarray(made, dtype=np.float32))


def _loaded(folder: Path, precision: str) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from tqdm.std import tqdm  # type: ignore[import-untyped]
    from transformers.utils import logging as transformers_logging

    # Progress bars for a terminal nobody looks at; even hidden ones leave a thread behind.
    transformers_logging.disable_progress_bar()
    tqdm.monitor_interval = 0
    torch.set_num_threads(min(usable_threads(), _MOST_THREADS))
    model = SentenceTransformer(
        str(folder),
        device="cpu",
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={
            "use_safetensors": True,
            "dtype": torch.bfloat16 if precision == BF16 else torch.float32,
        },
    )
    model.max_seq_length = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)
    return model
