"""The included embedding model through ONNX Runtime and `tokenizers`: ready within a second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.model_errors import EmbedderMissing
from desktop.inference.embedder import of_length_one
from desktop.inference.included_models import EMBEDDER_FILES, EMBEDDER_WEIGHTS_SHA256
from desktop.inference.model_hash import sha256_of_file
from desktop.inference.processor import usable_threads

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INT8, FP32 = "int8", "fp32"
_GRAPHS = {INT8: "embedder-int8.onnx", FP32: "embedder-fp32.onnx"}
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_MOST_TOKENS = 256
_MOST_THREADS = 8  # one text keeps no more of them busy
_ERRORS_ONLY = 3


class OnnxEmbedder:
    """Implements `Embedder` with one of the two graphs that the set-up made.

    Texts go through one by one: nothing is padded, and no text's vector depends on its company,
    as it would where a batch shares the scale of its 8 bits.
    """

    def __init__(self, folder: Path, precision: str, threads: int = 0) -> None:
        """Load it, to run on `threads`, 0 for all that help.

        Raises `EmbedderMissing` where a file is not there or not the expected one.
        """
        from tokenizers import Tokenizer

        for name in (_WEIGHTS, _TOKENIZER, _GRAPHS[precision]):
            if not (folder / name).is_file() or (
                sha256_of_file(folder / name) != EMBEDDER_FILES[name]
            ):
                raise EmbedderMissing(str(folder))
        self.name = folder.name
        self.sha256 = EMBEDDER_WEIGHTS_SHA256
        self.precision = precision
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._session = _session(folder / _GRAPHS[precision], threads)
        self.dimensions = int(self._session.get_outputs()[0].shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text, in order; texts end at 256 tokens."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, encoded in enumerate(self._tokenizer.encode_batch(list(texts))):
            ids = np.array([encoded.ids], dtype=np.int64)
            vectors[at] = self._session.run(None, {"ids": ids})[0][0]
        return of_length_one(vectors)

    def pieces(self, text: str) -> int:
        """Tokens without the marks at both ends; a long text counts up to its cut."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _session(graph: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(usable_threads(), _MOST_THREADS)
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Threads that spin while they wait take the processor from readers and the window.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The further steps would join additions and normalisations into an operation that was
    # measured seven times slower than the two.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Every length of text would keep a plan of its own.
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
