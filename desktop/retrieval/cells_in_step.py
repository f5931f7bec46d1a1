"""Which cells are due, building them, and taking out of their files what was removed."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from desktop.domain.cancel import CancelToken
from desktop.domain.retrieval import IndexBuilding
from desktop.retrieval.cell_building import build_cells
from desktop.retrieval.searched_vectors import (
    MOST_HELD,
    most_after_cells,
    open_cells,
    removed_ids,
)
from desktop.storage.cell_files import CellsDamaged, discard_cells
from desktop.storage.document_store import DocumentStore
from desktop.storage.vector_sets import VectorSet

# A chunk that does not find itself this nearly is not in the cells, or not as itself.
_SELF_SIMILARITY = 0.995
_SAMPLE = 32


def due_cells(documents: DocumentStore) -> list[VectorSet]:
    """The sets whose cells are missing or have too much beside them."""
    return [named for named in documents.vector_sets.every() if _is_due(documents, named)]


def build_due_cells(
    documents: DocumentStore, cancel: CancelToken
) -> Generator[IndexBuilding, None, None]:
    """Build what is due. Raises `Cancelled`, `DiskFull`, `DataFolderReadOnly`."""
    for named in due_cells(documents):
        yield from build_cells(documents, named, cancel)
    _discard_unnamed(documents)


def erase_from_cells(documents: DocumentStore) -> None:
    """Overwrite removed vectors in the cells' files, and strike their removals.

    What is damaged is not repaired here but given up: it is built anew, without them.
    """
    sets = documents.vector_sets
    for named in sets.every():
        removals = sets.removals_after(named.forgotten, named.collection_id, named.embedder)
        if not removals:
            continue
        if named.stamp:
            try:
                open_cells(documents, named).erase(removed_ids(removals))
            except CellsDamaged:
                sets.distrust_cells(named.collection_id, named.embedder, named.stamp)
        sets.forget_removals(named.collection_id, named.embedder, removals[-1].id)
    sets.forget_gone_collections()
    _discard_unnamed(documents)


def cells_problem(documents: DocumentStore, named: VectorSet) -> str:
    """Read all cells of a set and let a sample find itself; "" where they are whole."""
    try:
        cells = open_cells(documents, named)
        cells.check()
        table = documents.vector_table
        ids, vectors = table.sample(named.collection_id, named.embedder, _SAMPLE)
        similar = [
            cells.similarities(vector, np.array([one], np.int64)).get(int(one))
            for one, vector in zip(ids, vectors, strict=True)
        ]
    except CellsDamaged as damage:
        return str(damage)
    wrong = [near for near in similar if near is not None and near < _SELF_SIMILARITY]
    return "vectors are not those of the database" if wrong else ""


def _is_due(documents: DocumentStore, named: VectorSet) -> bool:
    table = documents.vector_table
    total = table.kept(named.collection_id, named.embedder).vectors
    if not named.stamp:
        return total > MOST_HELD
    after = table.count_after(named.through_run, named.collection_id, named.embedder)
    return after > most_after_cells(total - after)


def _discard_unnamed(documents: DocumentStore) -> None:
    discard_cells(
        documents.cells_folder,
        {named.stamp for named in documents.vector_sets.every() if named.stamp},
    )
