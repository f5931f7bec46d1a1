"""The parent's side of Chroma: a process that may die, and closed files that carry a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.errors import WorkerDied
from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.processes.wire import Message
from desktop.retrieval.turns import Turns
from desktop.storage.sealed_folder import break_seal, discard_folders, seal_folder, seal_holds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_VECTORS = 2000
VECTORS_PART = "vectors"
_ROLE = "index"
_QUERY_TIMEOUT_S = 30.0
_WRITE_TIMEOUT_S = 300.0
# A damaged index file was seen to grow to 4 TB; the most that is kept needs under 1 GB a file.
_FILE_LIMIT_BYTES = 4 << 30


class VectorsProcess:
    """Chroma in a process of ours, in one folder per generation. Raises `WorkerError` types.

    A folder is sealed with a manifest of its files while no process has it open. One whose files
    do not fit their manifest is never opened: Chroma may answer wrongly from it, or die of it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        limits = Limits(file_bytes=_FILE_LIMIT_BYTES)
        self._child = Child(_ROLE, limits, (VECTORS_PART, str(folder)))
        self._turns = Turns()
        self._open: int | None = None
        # The generation that this run of the program has checked; no other one answers.
        self.verified: int | None = None
        # Whether searches go to Chroma at all; the settings say.
        self.asked = False

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
            self._ask("add", generation, {"collection_id": collection_id}, blobs)

    def query(
        self, generation: int, collection_id: int, vectors: NDArray[np.float32], k: int
    ) -> list[list[tuple[int, float]]]:
        """The `k` nearest ids of each row with their cosine similarities, nearest first."""
        import numpy as np

        body = {"collection_id": collection_id, "questions": len(vectors), "k": k}
        blob = np.ascontiguousarray(vectors, np.float32).tobytes()
        answer = self._ask("query", generation, body, (blob,), _QUERY_TIMEOUT_S)
        return [[(int(one), float(near)) for one, near in row] for row in answer.body["found"]]

    def remove(self, generation: int, collection_id: int, ids: Sequence[int]) -> None:
        self._ask("remove", generation, {"collection_id": collection_id, "ids": list(ids)})

    def count(self, generation: int, collection_id: int) -> int:
        answer = self._ask("count", generation, {"collection_id": collection_id})
        return int(answer.body["count"])

    def seal(self) -> None:
        """Let go of the folder that is open, and write down what its files hold."""
        with self._turns:
            if self._open is None:
                return
            self._child.call("close", timeout_s=_WRITE_TIMEOUT_S)
            self._child.close()
            generation, self._open = self._open, None
            seal_folder(self._of(generation))

    def discard_all_but(self, generation: int | None) -> None:
        """Delete the folders of other generations; what one still holds goes the next time."""
        with self._turns:
            self._child.close()
            self._open = None
            discard_folders(self._folder, "gen-*", f"gen-{generation}")

    def close(self) -> None:
        """End the process. A folder that was open and whole is sealed."""
        if self._open is not None and self._child.alive and self._open == self.verified:
            try:
                self.seal()
            except WorkerDied:
                self._open = None
        self._child.close()

    def _ask(
        self,
        method: str,
        generation: int,
        body: Mapping[str, object],
        blobs: Sequence[bytes] = (),
        timeout_s: float = _WRITE_TIMEOUT_S,
    ) -> Message:
        with self._turns:
            if self._open != generation:
                if not seal_holds(self._of(generation)):
                    raise WorkerDied(_ROLE, "the files of Chroma are not as they were closed")
                break_seal(self._of(generation))
                self._open = generation
            request = {"generation": generation, **body}
            return self._child.call(method, request, blobs, timeout_s=timeout_s)

    def _of(self, generation: int) -> Path:
        return self._folder / f"gen-{generation}"
