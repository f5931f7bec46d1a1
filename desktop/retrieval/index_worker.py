"""The parent's side of the index worker: embed texts, keep vectors, survive its processes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerDied
from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.processes.wire import Message
from desktop.retrieval.turns import Turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_TEXTS = 8
BATCH_VECTORS = 2000
_ROLE = "index"
# The two parts of the role, one process each.
EMBEDDER_PART = "embedder"
VECTORS_PART = "vectors"
# The first batch waits for the import of torch, on a cold disk and beside other programs.
_LOAD_TIMEOUT_S = 300.0
_EMBED_TIMEOUT_S = 120.0
_QUERY_TIMEOUT_S = 30.0
_WRITE_TIMEOUT_S = 300.0
# A damaged index file was seen to grow to 4 TB; a million vectors need under 3 GB a file.
_FILE_LIMIT_BYTES = 8 << 30


class EmbeddingProcess:
    """One embedder in a process of ours; each small batch waits its turn and is one request."""

    def __init__(self, folder: Path) -> None:
        self._child = Child(_ROLE, Limits(), (EMBEDDER_PART, str(folder)))
        self._turns = Turns()
        self._loaded = False
        self.embedder = ""

    def embed(self, texts: Sequence[str], cancel: CancelToken | None) -> NDArray[np.float32]:
        """Embed `texts` in batches of like length; raises `Cancelled` between batches."""
        import numpy as np

        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), 0), np.float32)
        for begin in range(0, len(order), BATCH_TEXTS):
            if cancel is not None:
                cancel.raise_if_cancelled()
            batch = order[begin : begin + BATCH_TEXTS]
            answer = self._ask([texts[at] for at in batch], cancel)
            part = np.frombuffer(answer.blobs[0], np.float32).reshape(answer.body["shape"])
            if not vectors.shape[1]:
                vectors = np.zeros((len(texts), part.shape[1]), np.float32)
            vectors[batch] = part
        return vectors

    def close(self) -> None:
        self._child.close()

    def _ask(self, texts: list[str], cancel: CancelToken | None) -> Message:
        with self._turns:
            try:
                return self._request(texts, cancel)
            except WorkerDied:
                # Once more in a new process: the old one may have been ended from outside.
                self._loaded = False
                return self._request(texts, cancel)

    def _request(self, texts: list[str], cancel: CancelToken | None) -> Message:
        # Cancelling ends the process; a loaded model is worth the wait for one batch.
        answer = self._child.call(
            "embed",
            {"texts": texts},
            timeout_s=_EMBED_TIMEOUT_S if self._loaded else _LOAD_TIMEOUT_S,
            cancel=None if self._loaded else cancel,
        )
        self._loaded = True
        self.embedder = answer.body["embedder"]
        return answer


class VectorsProcess:
    """Chroma in a process of ours, in one folder per generation. Raises `WorkerError` types."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        limits = Limits(file_bytes=_FILE_LIMIT_BYTES)
        self._child = Child(_ROLE, limits, (VECTORS_PART, str(folder)))
        self._turns = Turns()
        # The generation that this run of the program has checked; no other one answers.
        self.verified: int | None = None

    def add(
        self,
        generation: int,
        collection_id: int,
        ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> None:
        import numpy as np

        for begin in range(0, len(ids), BATCH_VECTORS):
            part = slice(begin, begin + BATCH_VECTORS)
            blobs = (
                np.ascontiguousarray(ids[part], np.int64).tobytes(),
                np.ascontiguousarray(vectors[part], np.float32).tobytes(),
            )
            self._write("add", generation, collection_id, {}, blobs)

    def query(
        self, generation: int, collection_id: int, vectors: NDArray[np.float32], k: int
    ) -> list[list[tuple[int, float]]]:
        """The `k` nearest ids of each row with their cosine similarities, nearest first."""
        import numpy as np

        body = {
            "generation": generation,
            "collection_id": collection_id,
            "questions": len(vectors),
            "k": k,
        }
        blob = np.ascontiguousarray(vectors, np.float32).tobytes()
        with self._turns:
            answer = self._child.call("query", body, (blob,), timeout_s=_QUERY_TIMEOUT_S)
        return [[(int(one), float(near)) for one, near in row] for row in answer.body["found"]]

    def remove(self, generation: int, collection_id: int, ids: Sequence[int]) -> None:
        self._write("remove", generation, collection_id, {"ids": list(ids)})

    def count(self, generation: int, collection_id: int) -> int:
        return int(self._write("count", generation, collection_id).body["count"])

    def discard_all_but(self, generation: int) -> None:
        """Delete the folders of other generations; what one still holds goes the next time."""
        with self._turns:
            self._child.close()
            for folder in self._folder.glob("gen-*"):
                if folder.name != f"gen-{generation}":
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        self._child.close()

    def _write(
        self,
        method: str,
        generation: int,
        collection_id: int,
        more: dict[str, object] | None = None,
        blobs: Sequence[bytes] = (),
    ) -> Message:
        body = {"generation": generation, "collection_id": collection_id, **(more or {})}
        with self._turns:
            return self._child.call(method, body, blobs, timeout_s=_WRITE_TIMEOUT_S)


class IndexWorker:
    """The embedder and the vector index, each in its own process, started when first needed."""

    def __init__(self, index_folder: Path, embedder_folder: Path) -> None:
        self._embedding = EmbeddingProcess(embedder_folder)
        self.vectors = VectorsProcess(index_folder)

    @property
    def embedder(self) -> str:
        """Name and hash of the embedder, "" before the first text."""
        return self._embedding.embedder

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        """One unit vector per text. Raises `EmbedderMissing`, `WorkerError`, `Cancelled`."""
        return self._embedding.embed(texts, cancel)

    def warm(self, cancel: CancelToken | None = None) -> None:
        """Load the embedder now, so that the first question need not wait for it."""
        self._embedding.embed(["warm"], cancel)

    def close(self) -> None:
        self._embedding.close()
        self.vectors.close()
