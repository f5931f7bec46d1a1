"""A cross-encoder that a user brings: question and passage read together, one score each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.processor import usable_threads
from desktop.inference.reranker_folder import check_reranker_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_MOST_TOKENS = 512
_BATCH_PAIRS = 8
_MOST_THREADS = 8


class Scoring(Protocol):
    """Scores passages for a question."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]: ...


def load_reranker(path: Path) -> Scoring:
    """The reranker in a GGUF file or in a folder; raises `ModelDamaged`."""
    if path.is_file():
        from desktop.inference.gguf_reranker import GgufReranker

        return GgufReranker(path)
    return Reranker(path)


class Reranker:
    """Scores passages for a question; loaded from a checked folder, never from elsewhere."""

    def __init__(self, folder: Path) -> None:
        """Load the model; raises `ModelDamaged` where the folder is not what it should be."""
        check_reranker_folder(folder)
        self._model = _loaded(folder)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each passage, higher better; what it measures is the model's own."""
        if not passages:
            return []
        made = self._model.predict(
            [(question, passage) for passage in passages],
            batch_size=_BATCH_PAIRS,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return [float(one) for one in made]


def _loaded(folder: Path) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    torch.set_num_threads(min(usable_threads(), _MOST_THREADS))
    try:
        model = CrossEncoder(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            max_length=_MOST_TOKENS,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        # What the libraries say of a folder that they cannot put together.
        raise ModelDamaged(str(folder), str(error).splitlines()[0][:200]) from error
    if model.num_labels != 1:
        raise ModelDamaged(str(folder), "it gives several scores for a passage and not one")
    return model
