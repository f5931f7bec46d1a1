"""The copy of the vectors in Chroma: kept in step within a bound, trusted only after a check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerError
from desktop.retrieval.index import VectorKeeper
from desktop.storage.document_store import DocumentStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.retrieval.exact import Found

# Beyond so many vectors in all collections there is no copy: building it would take minutes and
# the folder a gigabyte, and nothing would be found that is not found without it.
MOST_COPIED = 50_000
# So many are copied anew at the end of any indexing run; more wait for the next start.
_MOST_AT_ONCE = 5_000
# A chunk that does not find itself this nearly is not in the index, or not as itself.
_SELF_SIMILARITY = 0.999
_SAMPLE = 32
# A whole graph of near neighbours misses one now and then; a damaged one was seen to miss a fifth.
_MOST_MISSED = 2
# Between two batches a rebuild can be stopped; what is added waits until it makes one.
_BATCH_VECTORS = 2000


class ChromaCopy:
    """Keeps Chroma in step with the vectors in the database, and never trusts it blindly.

    The copy is marked dirty in SQLite before the first change and clean again after a check;
    whatever is dirty, wrong or dead is built anew beside the old folder, as the next generation.
    """

    def __init__(
        self, documents: DocumentStore, vectors: VectorKeeper, most: int = MOST_COPIED
    ) -> None:
        self._documents = documents
        self._vectors = vectors
        self._most = most
        self._changing = False
        self._in_doubt = False
        self._removed = False
        self._waiting: list[tuple[int, NDArray[np.int64], NDArray[np.float32]]] = []

    def search(self, collection_id: int, vector: NDArray[np.float32], k: int) -> Found | None:
        """Ask Chroma, where it is to be asked and known to be whole; else None."""
        generation = self._documents.index_generation()
        if (
            not self._vectors.asked
            or self._vectors.verified != generation
            or self._documents.is_dirty()
        ):
            return None
        try:
            return self._vectors.query(generation, collection_id, vector.reshape(1, -1), k)[0]
        except WorkerError:
            # Not trusted again before the next check.
            self._vectors.verified = None
            return None

    @property
    def needs_settling(self) -> bool:
        """Whether changes are open, or an earlier run left some."""
        return self._changing or self._documents.is_dirty()

    def begin_changes(self) -> None:
        """Commit that the copy no longer agrees with the database; call before changing either."""
        if self._changing:
            return
        # Dirty already means left so by a kill: the folder takes no further vectors then.
        self._in_doubt = self._documents.is_dirty()
        self._documents.begin_index_writes()
        self._changing = True

    def add(self, collection_id: int, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add chunks that are in the database already."""
        self.begin_changes()
        if not self._in_doubt:
            self._waiting.append((collection_id, ids, vectors))
            if sum(len(each) for _, each, _ in self._waiting) >= _BATCH_VECTORS:
                self._flush()

    def remove(self, collection_id: int, ids: Sequence[int]) -> None:
        """Let go of chunks that are no longer in the database; their bytes go with the folder."""
        if ids:
            self._flush()
            self._removed = True
            self._attempt(lambda at: self._vectors.remove(at, collection_id, ids))

    def settle(self, cancel: CancelToken | None = None, thorough: bool = False) -> bool:
        """Check the copy and clear the flag, or build it anew; True when it is whole.

        At the start of the program, `thorough`, this is also the check of what an earlier run
        left. Otherwise a large copy that must be built anew is only deleted, and the flag stays
        set: bytes that must go are gone, and nobody waits.
        """
        if self._outgrown():
            return self._give_up()
        self._flush()
        generation = self._documents.index_generation()
        doubtful = self._in_doubt or (self._documents.is_dirty() and not self._changing)
        # Removed vectors are still in Chroma's files; only a new folder is without them.
        if not doubtful and not self._removed and self._holds_up(generation):
            self._changing = False
            return self._accept(generation)
        if thorough or self._documents.vector_table.searched_vectors() <= _MOST_AT_ONCE:
            return self.rebuild(cancel)
        self.discard()
        return False

    def rebuild(self, cancel: CancelToken | None = None) -> bool:
        """Build the next generation from the database and delete the others.

        Also how vectors are erased: Chroma's own deletion leaves their bytes in its files.
        """
        if self._outgrown():
            return self._give_up()
        generation = self.discard()
        try:
            for collection in self._documents.collections():
                self._fill(generation, collection.id, cancel)
            if not self._holds_up(generation):
                return False
        except WorkerError:
            return False
        return self._accept(generation)

    def discard(self) -> int:
        """Delete the copy with every byte of it; return the generation that is to be built."""
        self._in_doubt = self._changing = self._removed = False
        self._waiting.clear()
        generation = self._documents.next_generation()
        self._vectors.discard_all_but(generation)
        return generation

    def check(self, collection_id: int) -> tuple[str, int | None]:
        """What is wrong with the copy of one collection, "" for nothing, and how many it holds.

        None where there is no copy by design, or one that waits to be built: that one is nobody's
        loss, for it is not asked until it is whole.
        """
        if self._outgrown() or self._documents.is_dirty():
            return "", None
        generation = self._documents.index_generation()
        try:
            count = self._vectors.count(generation, collection_id)
            whole = self._agrees(generation, collection_id)
            if whole:
                self._vectors.seal()
        except WorkerError:
            return "The copy in Chroma cannot be opened.", None
        return "" if whole else "The copy in Chroma is not that of the database.", count

    def _fill(self, generation: int, collection_id: int, cancel: CancelToken | None) -> None:
        table = self._documents.vector_table
        embedder = table.embedder(collection_id)
        ids: list[NDArray[np.int64]] = []
        vectors: list[NDArray[np.float32]] = []
        for run in table.runs(collection_id, embedder):
            ids.append(run.chunk_ids)
            vectors.append(run.vectors)
            if sum(map(len, ids)) >= _BATCH_VECTORS:
                self._put(generation, collection_id, ids, vectors, cancel)
        if ids:
            self._put(generation, collection_id, ids, vectors, cancel)

    def _put(
        self,
        generation: int,
        collection_id: int,
        ids: list[NDArray[np.int64]],
        vectors: list[NDArray[np.float32]],
        cancel: CancelToken | None,
    ) -> None:
        import numpy as np

        if cancel is not None:
            cancel.raise_if_cancelled()
        self._vectors.add(generation, collection_id, np.concatenate(ids), np.concatenate(vectors))
        ids.clear()
        vectors.clear()

    def _flush(self) -> None:
        import numpy as np

        waiting, self._waiting = self._waiting, []
        for collection_id in {each for each, _, _ in waiting}:
            own = [each for each in waiting if each[0] == collection_id]
            ids = np.concatenate([each for _, each, _ in own])
            vectors = np.concatenate([each for _, _, each in own])
            self._attempt(partial(self._added, collection_id, ids, vectors))

    def _added(
        self, collection_id: int, ids: NDArray[np.int64], vectors: NDArray[np.float32], at: int
    ) -> None:
        self._vectors.add(at, collection_id, ids, vectors)

    def _attempt(self, change: Callable[[int], None]) -> None:
        """Make one change to the copy; a failing copy is built anew at the end instead."""
        self.begin_changes()
        if self._in_doubt or self._outgrown():
            return
        try:
            change(self._documents.index_generation())
        except WorkerError:
            self._in_doubt = True

    def _accept(self, generation: int) -> bool:
        try:
            self._vectors.seal()
        except WorkerError:
            return False
        self._vectors.verified = generation
        self._documents.end_index_writes()
        return True

    def _give_up(self) -> bool:
        """Keep no copy of so many vectors; nothing is in doubt then."""
        if self._vectors.verified is not None or self._documents.is_dirty():
            self.discard()
        self._in_doubt = self._changing = self._removed = False
        self._waiting.clear()
        self._vectors.verified = None
        self._documents.end_index_writes()
        return True

    def _outgrown(self) -> bool:
        return self._documents.vector_table.searched_vectors() > self._most

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
        table = self._documents.vector_table
        embedder = table.embedder(collection_id)
        kept = table.kept(collection_id, embedder).vectors
        if not kept:
            # Nothing to find, and nothing can be found wrongly: chunks come from the database.
            return True
        if self._vectors.count(generation, collection_id) != kept:
            return False
        _, vectors = table.sample(collection_id, embedder, _SAMPLE)
        found = self._vectors.query(generation, collection_id, vectors, 1)
        missed = [row for row in found if not row or row[0][1] < _SELF_SIMILARITY]
        # Of a handful each counts: a graph that small misses none.
        return len(missed) <= _MOST_MISSED * len(found) // _SAMPLE
