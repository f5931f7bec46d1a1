"""Nearest chunks of a vector, and the indexes over the vectors kept in step with the database."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import StorageError
from desktop.domain.retrieval import IndexBuilding
from desktop.retrieval.chroma_copy import ChromaCopy
from desktop.retrieval.index import VectorKeeper
from desktop.storage.document_store import DocumentStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.retrieval.exact import Found
    from desktop.retrieval.searched_vectors import SearchedVectors
    from desktop.storage.vector_sets import VectorSet

_log = logging.getLogger(__name__)

# After so many added vectors it is looked whether cells are due.
_LOOK_AFTER = 16_384


class VectorIndex:
    """Searches one connection's vectors, and keeps what is built from them in step.

    The vectors in SQLite are the truth. What answers is Carrel's own index, which is asked against
    that truth at every search and so is never out of date: cells for a large collection, a look
    at every vector for a small one. Chroma holds a copy beside it, and answers only where the
    settings say so. Neither can fail a search or an indexing run.
    """

    def __init__(self, documents: DocumentStore, vectors: VectorKeeper) -> None:
        self._documents = documents
        self._chroma = ChromaCopy(documents, vectors)
        self._opened: SearchedVectors | None = None
        self._added = 0

    def search(
        self,
        collection_id: int,
        vector: NDArray[np.float32],
        k: int,
        among: NDArray[np.int64] | None = None,
    ) -> Found:
        """The `k` nearest chunks and their cosine similarities, nearest first.

        `among` holds the ids of the only chunks that may be found.
        """
        if among is None:
            found = self._chroma.search(collection_id, vector, k)
            if found is not None:
                return found
        return self._searched.nearest(collection_id, vector.reshape(-1), k, among)

    def similarities(
        self, collection_id: int, vector: NDArray[np.float32], chunk_ids: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of `vector` and each of these chunks of the collection, by id."""
        import numpy as np

        ids = np.array(chunk_ids, np.int64)
        return self._searched.similarities(collection_id, vector.reshape(-1), ids)

    @property
    def needs_settling(self) -> bool:
        """Whether changes are open, or an earlier run left some."""
        return self._chroma.needs_settling or bool(self._due())

    def begin_changes(self) -> None:
        """Commit that the copy no longer agrees with the database; call before changing either."""
        self._chroma.begin_changes()

    def add(
        self,
        collection_id: int,
        ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
        cancel: CancelToken | None = None,
    ) -> None:
        """Add chunks that are in the database already; raises `Cancelled` between two steps."""
        self._chroma.add(collection_id, ids, vectors)
        self._added += len(ids)
        if self._added >= _LOOK_AFTER:
            # A run of hours must not leave its searches without cells until its end.
            self._added = 0
            for _ in self._building(cancel or CancelToken()):
                pass

    def remove(self, collection_id: int, ids: Sequence[int]) -> None:
        """Let go of chunks that are no longer in the database."""
        self._chroma.remove(collection_id, ids)

    def settle(self, cancel: CancelToken | None = None, thorough: bool = False) -> bool:
        """Bring every index in step; True when all of them are whole.

        At the start of the program, `thorough`, this is also the check of what an earlier run
        left. False costs speed and nothing else, and the next call tries again.
        """
        for _ in self.settling(cancel or CancelToken(), thorough):
            pass
        return not self._chroma.needs_settling and not self._due()

    def settling(
        self, cancel: CancelToken, thorough: bool = False
    ) -> Generator[IndexBuilding, None, None]:
        """`settle`, step by step: yields how far the building of cells is."""
        yield from self._building(cancel)
        self._chroma.settle(cancel, thorough)

    def erase(self) -> None:
        """Take removed vectors out of every file, now; raises `StorageError` types.

        The copy in Chroma is deleted whole, and built anew by the next `settle`.
        """
        from desktop.retrieval.cells_in_step import erase_from_cells

        erase_from_cells(self._documents)
        self._chroma.discard()

    def rebuild(self, cancel: CancelToken | None = None) -> bool:
        """Give up all that was built, and build it anew from the database; True when whole."""
        for _ in self.rebuilding(cancel or CancelToken()):
            pass
        return not self.needs_settling

    def rebuilding(
        self, cancel: CancelToken, collection_id: int | None = None
    ) -> Generator[IndexBuilding, None, None]:
        """`rebuild`, step by step; with `collection_id`, the cells of that collection alone."""
        sets = self._documents.vector_sets
        for named in sets.every():
            if collection_id in (None, named.collection_id):
                sets.distrust_cells(named.collection_id, named.embedder, named.stamp)
        self._chroma.discard()
        yield from self.settling(cancel, thorough=True)

    def reachable(self, collection_id: int) -> int:
        """How many vectors of a collection a search can reach."""
        return self._searched.reachable(collection_id)

    def _building(self, cancel: CancelToken) -> Generator[IndexBuilding, None, None]:
        from desktop.retrieval.cells_in_step import build_due_cells, erase_from_cells

        try:
            yield from build_due_cells(self._documents, cancel)
            erase_from_cells(self._documents)
        except StorageError as error:
            # A full disk: searches do without, and the next call tries again.
            _log.warning("The cells were not built: %r", error)

    def _due(self) -> list[VectorSet]:
        from desktop.retrieval.cells_in_step import due_cells

        return due_cells(self._documents)

    @property
    def _searched(self) -> SearchedVectors:
        # numpy comes with the first search: the window does not wait for it.
        if self._opened is None:
            from desktop.retrieval.searched_vectors import SearchedVectors

            self._opened = SearchedVectors(self._documents)
        return self._opened
