"""Nearest chunks of a vector: from Chroma where it is known to be whole, else exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerError
from desktop.retrieval.index import VectorKeeper
from desktop.storage.document_store import DocumentStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Found = list[tuple[int, float]]

# A chunk that does not find itself this nearly is not in the index, or not as itself.
_SELF_SIMILARITY = 0.999
_SAMPLE = 32
# Between two batches a rebuild can be stopped.
_BATCH_VECTORS = 2000


class VectorIndex:
    """Keeps Chroma in step with the vectors in the database, and never trusts it blindly.

    SQLite is the truth. The index is marked dirty in it before the first change and clean again
    after a check; whatever is dirty, wrong or dead is built anew beside the old folder, as the
    next generation, and meanwhile the database's own vectors are searched one by one.
    """

    def __init__(self, documents: DocumentStore, vectors: VectorKeeper) -> None:
        self._documents = documents
        self._vectors = vectors
        self._changing = False
        self._in_doubt = False

    def search(self, collection_id: int, vector: NDArray[np.float32], k: int) -> Found:
        """The `k` nearest chunks and their cosine similarities, nearest first."""
        generation = self._documents.index_generation()
        if self._vectors.verified == generation and not self._documents.is_dirty():
            try:
                question = vector.reshape(1, -1)
                return self._vectors.query(generation, collection_id, question, k)[0]
            except WorkerError:
                # Not trusted again before the next check; the answer comes from the database.
                self._vectors.verified = None
        return nearest(*self._documents.vectors(collection_id), vector, k)

    def similarities(
        self, vector: NDArray[np.float32], chunk_ids: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of `vector` and each of these chunks, from the database's own vectors."""
        question = vector.reshape(-1)
        return {
            chunk_id: float(own @ question)
            for chunk_id, own in self._documents.vectors_of(chunk_ids).items()
            if len(own) == len(question)
        }

    @property
    def needs_settling(self) -> bool:
        """Whether changes are open, or an earlier run left some."""
        return self._changing or self._documents.is_dirty()

    def begin_changes(self) -> None:
        """Commit that the index no longer agrees with the database; call before changing either."""
        if self._changing:
            return
        generation = self._documents.index_generation()
        # Dirty already means left so by a kill: the folder takes no further vectors then.
        self._in_doubt = self._documents.is_dirty() or (
            self._vectors.verified != generation and not self._holds_up(generation)
        )
        self._documents.begin_index_writes()
        self._changing = True

    def add(self, collection_id: int, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add chunks that are in the database already."""
        self._attempt(lambda at: self._vectors.add(at, collection_id, ids, vectors))

    def remove(self, collection_id: int, ids: Sequence[int]) -> None:
        """Let go of chunks that are no longer in the database."""
        if ids:
            self._attempt(lambda at: self._vectors.remove(at, collection_id, ids))

    def settle(self, cancel: CancelToken | None = None) -> bool:
        """Check the index and clear the flag, or build it anew; True when it is whole.

        False leaves the flag set: searches stay exact, and the next call tries again. At the
        start of the program this is also the check of what an earlier run left.
        """
        generation = self._documents.index_generation()
        left_dirty = self._documents.is_dirty() and not self._changing
        self._changing = False
        if left_dirty or self._in_doubt or not self._holds_up(generation):
            return self.rebuild(cancel)
        self._accept(generation)
        return True

    def rebuild(self, cancel: CancelToken | None = None) -> bool:
        """Build the next generation from the database and delete the others.

        Also how vectors are erased: Chroma's own deletion leaves their bytes in its files.
        """
        self._in_doubt = self._changing = False
        generation = self._documents.next_generation()
        try:
            for collection in self._documents.collections():
                self._fill(generation, collection.id, cancel)
            if not self._holds_up(generation):
                return False
        except WorkerError:
            return False
        self._accept(generation)
        self._vectors.discard_all_but(generation)
        return True

    def _fill(self, generation: int, collection_id: int, cancel: CancelToken | None) -> None:
        ids, vectors = self._documents.vectors(collection_id)
        for begin in range(0, len(ids), _BATCH_VECTORS):
            if cancel is not None:
                cancel.raise_if_cancelled()
            part = slice(begin, begin + _BATCH_VECTORS)
            self._vectors.add(generation, collection_id, ids[part], vectors[part])

    def _attempt(self, change: Callable[[int], None]) -> None:
        """Make one change to the index; a failing index is built anew at the end instead."""
        self.begin_changes()
        if self._in_doubt:
            return
        try:
            change(self._documents.index_generation())
        except WorkerError:
            self._in_doubt = True

    def _accept(self, generation: int) -> None:
        self._vectors.verified = generation
        self._documents.end_index_writes()

    def _holds_up(self, generation: int) -> bool:
        """Whether each collection has all its vectors, and a sample of them finds itself."""
        try:
            return all(
                self._agrees(generation, collection.id)
                for collection in self._documents.collections()
            )
        except WorkerError:
            return False

    def _agrees(self, generation: int, collection_id: int) -> bool:
        import numpy as np

        ids, vectors = self._documents.vectors(collection_id)
        if not len(ids):
            # Nothing to find, and nothing can be found wrongly: chunks come from the database.
            return True
        if self._vectors.count(generation, collection_id) != len(ids):
            return False
        sample = np.unique(np.linspace(0, len(ids) - 1, _SAMPLE).astype(np.int64))
        found = self._vectors.query(generation, collection_id, vectors[sample], 1)
        return all(row and row[0][1] >= _SELF_SIMILARITY for row in found)


def nearest(
    ids: NDArray[np.int64], vectors: NDArray[np.float32], vector: NDArray[np.float32], k: int
) -> Found:
    """The `k` rows nearest to `vector` by cosine, nearest first, found by looking at all."""
    import numpy as np

    if not len(ids):
        return []
    similarities = vectors @ vector.reshape(-1)
    k = min(k, len(ids))
    best = np.argpartition(-similarities, k - 1)[:k]
    best = best[np.lexsort((ids[best], -similarities[best]))]
    return [(int(ids[at]), float(similarities[at])) for at in best]
