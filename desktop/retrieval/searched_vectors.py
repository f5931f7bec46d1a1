"""What answers in each collection: its cells, and the vectors that came after them."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from dataclasses import replace

import numpy as np

from desktop.domain.errors import StorageError
from desktop.retrieval.cells import Cells
from desktop.retrieval.exact import Found, HeldVectors, Ids, Vector, merged, nearest_of_runs
from desktop.storage.cell_files import CellFiles, CellsDamaged
from desktop.storage.document_store import DocumentStore
from desktop.storage.vector_sets import Removal, VectorSet

# Up to so many vectors without cells are held in memory and looked at one by one: 50 MB, 3 ms.
MOST_HELD = 32_768
# Of so many collections at once; the one that was asked longest ago goes.
_MOST_COLLECTIONS = 4
# Removals may come between two looks at the database; more than this is no coincidence.
_LOOKS = 3

_log = logging.getLogger(__name__)


def most_after_cells(rows: int) -> int:
    """How many vectors may stand beside so many in cells before the cells are built anew."""
    return max(MOST_HELD, rows // 10)


class SearchedVectors:
    """Searches one connection's view of the vectors; every look first asks what has changed.

    What has changed is what was written after the last run that was seen, and what was removed
    after the last removal: two small questions. Nothing here is ever out of date, so nothing
    needs a flag. Damage is noticed before it can answer, and costs speed until the cells are
    built anew.
    """

    def __init__(self, documents: DocumentStore) -> None:
        self._documents = documents
        self._loaded: OrderedDict[int, _Loaded] = OrderedDict()

    def nearest(self, collection_id: int, vector: Vector, k: int, among: Ids | None) -> Found:
        """The `k` nearest chunks, nearest first; with `among`, of these alone."""
        loaded = self._current(collection_id)
        if loaded is None:
            return []
        try:
            return loaded.nearest(vector, k, among)
        except CellsDamaged as damage:
            return self._without(loaded.named, damage).nearest(vector, k, among)

    def similarities(self, collection_id: int, vector: Vector, ids: Ids) -> dict[int, float]:
        """The similarity of each of these chunks that has a vector."""
        loaded = self._current(collection_id)
        if loaded is None:
            return {}
        try:
            return loaded.similarities(vector, ids)
        except CellsDamaged as damage:
            return self._without(loaded.named, damage).similarities(vector, ids)

    def reachable(self, collection_id: int) -> int:
        """How many vectors a search can reach."""
        loaded = self._current(collection_id)
        return loaded.reachable() if loaded is not None else 0

    def _current(self, collection_id: int) -> _Loaded | None:
        named = self._documents.vector_sets.searched(collection_id)
        loaded = self._loaded.pop(collection_id, None)
        if named is None:
            return None
        if loaded is None or not loaded.follows(named):
            loaded = self._opened(named)
        else:
            loaded.catch_up()
        self._loaded[collection_id] = loaded
        if len(self._loaded) > _MOST_COLLECTIONS:
            self._loaded.popitem(last=False)
        return loaded

    def _opened(self, named: VectorSet) -> _Loaded:
        if not named.stamp:
            return _Loaded(self._documents, named, None)
        try:
            return _Loaded(self._documents, named, open_cells(self._documents, named))
        except CellsDamaged as damage:
            return self._without(named, damage)

    def _without(self, named: VectorSet, damage: CellsDamaged) -> _Loaded:
        """Go on without the cells, and let the database say so."""
        _log.warning("Cells of collection %d: %s", named.collection_id, damage)
        # Where nothing can be written, every search finds out anew.
        with contextlib.suppress(StorageError):
            self._documents.vector_sets.distrust_cells(
                named.collection_id, named.embedder, named.stamp
            )
        without = _Loaded(self._documents, replace(named, stamp="", through_run=0), None)
        self._loaded[named.collection_id] = without
        return without


class _Loaded:
    """One collection: its cells, if it has any, and the vectors that came after them."""

    def __init__(self, documents: DocumentStore, named: VectorSet, cells: Cells | None) -> None:
        self.named = named
        self._table = documents.vector_table
        self._sets = documents.vector_sets
        self._cells = cells
        self._seen_run = named.through_run
        self._seen_removal = named.forgotten
        self._rows = cells.rows if cells is not None else 0
        self._held: HeldVectors | None = HeldVectors()
        self.catch_up()

    def follows(self, named: VectorSet) -> bool:
        """Whether what is held can be brought to what the database names now."""
        ours = (self.named.embedder, self.named.stamp)
        return ours == (named.embedder, named.stamp) and self._seen_removal >= named.forgotten

    def catch_up(self) -> None:
        """Take up what was written and what was removed since the last look."""
        if self._held is not None:
            self._take_up(self._held)
        removals = self._sets.removals_after(
            self._seen_removal, self.named.collection_id, self.named.embedder
        )
        if removals:
            self._seen_removal = removals[-1].id
            ids = removed_ids(removals)
            if self._held is not None:
                self._held.forget(ids)
            if self._cells is not None:
                self._cells.forget(ids)

    def nearest(self, vector: Vector, k: int, among: Ids | None) -> Found:
        found = self._cells.nearest(vector, k, among) if self._cells is not None else []
        if self._held is not None:
            return merged(k, found, self._held.nearest(vector, k, among))
        # Too many to hold: until the cells are built, each search reads them from the database.
        rest = self._table.runs(
            self.named.collection_id, self.named.embedder, after=self.named.through_run
        )
        return merged(k, found, nearest_of_runs(rest, vector, k, among))

    def similarities(self, vector: Vector, ids: Ids) -> dict[int, float]:
        similar = self._cells.similarities(vector, ids) if self._cells is not None else {}
        if self._held is not None:
            return {**similar, **self._held.similarities(vector, ids)}
        missing = [int(one) for one in ids if int(one) not in similar]
        return {**similar, **{
            one: float(own @ vector)
            for one, own in self._table.some(missing).items()
            if len(own) == len(vector)
        }}  # fmt: skip

    def reachable(self) -> int:
        in_cells = self._cells.rows if self._cells is not None else 0
        if self._held is not None:
            return in_cells + len(self._held)
        key = (self.named.collection_id, self.named.embedder)
        return in_cells + self._table.count_after(self.named.through_run, *key)

    def _take_up(self, held: HeldVectors) -> None:
        new = self._table.count_after(self._seen_run, self.named.collection_id, self.named.embedder)
        if len(held) + new > 2 * most_after_cells(self._rows):
            self._held = None
            return
        for run in self._table.runs(
            self.named.collection_id, self.named.embedder, after=self._seen_run
        ):
            held.add(run.chunk_ids, run.vectors)
            self._seen_run = max(self._seen_run, run.id)


def open_cells(documents: DocumentStore, named: VectorSet) -> Cells:
    """Open a set's cells and compare them with the database; raises `CellsDamaged`."""
    folder = documents.cells_folder / named.stamp
    cells = Cells(CellFiles.open(folder, named.stamp))
    key = (named.collection_id, named.embedder)
    for _ in range(_LOOKS):
        expected = documents.vector_table.kept(*key, through_run=named.through_run).vectors
        removals = documents.vector_sets.removals_after(named.forgotten, *key)
        cells.forget(removed_ids(removals))
        if cells.rows == expected:
            return cells
    raise CellsDamaged(f"{cells.rows} rows for {expected} vectors")


def removed_ids(removals: list[Removal]) -> Ids:
    spans = [np.arange(one.first_chunk_id, one.first_chunk_id + one.length) for one in removals]
    return np.concatenate([np.empty(0, np.int64), *spans])
