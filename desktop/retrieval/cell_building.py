"""Cells built from the vectors in the database: nothing is embedded, searches go on meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.retrieval import IndexBuilding
from desktop.retrieval.cell_training import CellMap, basis_of, cells_for, sample_for
from desktop.storage.cell_files import Shape
from desktop.storage.cell_rows import CodedRows
from desktop.storage.cell_writer import CellWriter
from desktop.storage.document_store import DocumentStore
from desktop.storage.vector_sets import VectorSet
from desktop.storage.vector_table import VectorRun, VectorsKept

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]

# 50 MB of vectors in memory; between two batches a build can be stopped.
_BATCH = 32_768
# The axes are found on the first so many of the sample.
_SEEN_AT_ONCE = 20_000
# Seen along the axes they are small, and each region has more to do at a time.
_PLACED_AT_ONCE = 4 * _BATCH

Steps = Generator[IndexBuilding, None, None]


def build_cells(documents: DocumentStore, named: VectorSet, cancel: CancelToken) -> Steps:
    """Write a set's vectors into a new folder of cells and turn to it in one step.

    Yields how far it is. Raises `Cancelled` between batches, `DiskFull` and `DataFolderReadOnly`;
    until the last step the folder before goes on answering.
    """
    yield from _Build(documents, named, cancel).steps()


@dataclass(frozen=True, slots=True)
class _Batch:
    runs: Ids
    ids: Ids
    vectors: Floats


class _Build:
    """One build, in two readings of the vectors: to place each one, and to write it there."""

    def __init__(self, documents: DocumentStore, named: VectorSet, cancel: CancelToken) -> None:
        self._documents = documents
        self._named = named
        self._cancel = cancel
        table = documents.vector_table
        # Before anything is read: what is removed from here on is struck out by whoever reads.
        self._forgotten = documents.vector_sets.last_removal()
        self._kept: VectorsKept = table.kept(named.collection_id, named.embedder)
        self._done = 0

    def steps(self) -> Steps:
        stamp = secrets.token_hex(8)
        basis, sample = self._sample()
        yield self._far()
        places = CellMap.of(sample, cells_for(self._kept.vectors))
        del sample
        cells: dict[int, NDArray[np.int32]] = {}
        runs: list[Ids] = []
        seen: list[Floats] = []
        for batch in self._batches():
            runs.append(batch.runs)
            seen.append(batch.vectors @ basis)
            if sum(map(len, seen)) >= _PLACED_AT_ONCE:
                cells.update(_cells_by_run(runs, places.cell_of(np.concatenate(seen))))
                runs, seen = [], []
            yield self._far(len(batch.ids))
        if seen:
            cells.update(_cells_by_run(runs, places.cell_of(np.concatenate(seen))))
        del seen
        yield from self._write(stamp, basis, places, cells)
        self._documents.vector_sets.use_cells(
            self._named.collection_id,
            self._named.embedder,
            stamp,
            self._kept.last_run,
            self._forgotten,
        )

    def _write(
        self, stamp: str, basis: Floats, places: CellMap, cells: dict[int, NDArray[np.int32]]
    ) -> Steps:
        sizes = np.zeros(len(places.centres), np.int64)
        for found in cells.values():
            sizes += np.bincount(found, minlength=len(sizes))
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        shape = Shape(
            stamp,
            self._named.collection_id,
            self._named.embedder,
            self._kept.dimensions,
            basis.shape[1],
            int(bounds[-1]),
            len(sizes),
        )
        folder = self._documents.cells_folder / stamp
        free = bounds[:-1].copy()
        with CellWriter(folder, shape, basis, places.centres, bounds) as writer:
            for batch in self._batches():
                order, positions = _placed(batch, cells, free)
                ids, vectors = batch.ids[order], batch.vectors[order]
                writer.put(positions, CodedRows.of(vectors @ basis, vectors, ids), ids)
                yield self._far(len(order))
            writer.finish()

    def _sample(self) -> tuple[Floats, Floats]:
        """The axes to look along, and vectors from all over the collection seen along them."""
        wanted = sample_for(self._kept.vectors)
        # Some of each of many runs: neighbours are alike and would weigh too much.
        every = max(1, self._kept.vectors // (4 * wanted))
        share = min(1.0, wanted * every / max(1, self._kept.vectors))
        draw = np.random.default_rng(0)
        basis: Floats | None = None
        raw: list[Floats] = []
        parts: list[Floats] = []
        for run in self._runs(every):
            self._cancel.raise_if_cancelled()
            raw.append(run.vectors[draw.random(len(run.vectors)) <= share])
            # Many at a time: a small product takes its time from waiting and not from adding.
            if sum(map(len, raw)) >= _SEEN_AT_ONCE:
                basis = basis_of(np.concatenate(raw)) if basis is None else basis
                parts.append(np.concatenate(raw) @ basis)
                raw = []
        if basis is None:
            raw = raw if any(map(len, raw)) else [run.vectors for run in self._runs(1)]
            basis = basis_of(np.concatenate(raw))
        parts += [rows @ basis for rows in raw]
        return basis, np.concatenate(parts)

    def _runs(self, every: int) -> Iterator[VectorRun]:
        for run in self._documents.vector_table.runs(
            self._named.collection_id, self._named.embedder, every
        ):
            # A later run is not of this build; one of another length cannot be in it.
            if run.id <= self._kept.last_run and run.vectors.shape[1] == self._kept.dimensions:
                yield run

    def _batches(self) -> Iterator[_Batch]:
        held: list[VectorRun] = []
        count = 0
        for run in self._runs(1):
            held.append(run)
            count += len(run.vectors)
            if count >= _BATCH:
                self._cancel.raise_if_cancelled()
                yield _batch(held)
                held, count = [], 0
        self._cancel.raise_if_cancelled()
        if held:
            yield _batch(held)

    def _far(self, more: int = 0) -> IndexBuilding:
        self._done += more
        # Two readings make one vector's work.
        return IndexBuilding(self._done // 2, self._kept.vectors)


def _batch(runs: list[VectorRun]) -> _Batch:
    lengths = [len(run.vectors) for run in runs]
    return _Batch(
        np.repeat(np.array([run.id for run in runs], np.int64), lengths),
        np.concatenate([run.chunk_ids for run in runs]),
        np.concatenate([run.vectors for run in runs]),
    )


def _cells_by_run(
    runs: list[Ids], found: NDArray[np.int32]
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    every = np.concatenate(runs)
    starts = np.flatnonzero(np.diff(every, prepend=-1))
    yield from zip(every[starts].tolist(), np.split(found, starts[1:]), strict=True)


def _placed(batch: _Batch, cells: dict[int, NDArray[np.int32]], free: Ids) -> tuple[Ids, Ids]:
    """The order to write a batch in, and where each row goes; takes the places from `free`."""
    starts = np.flatnonzero(np.diff(batch.runs, prepend=-1))
    found = np.concatenate([cells[run] for run in batch.runs[starts].tolist()])
    order = np.argsort(found, kind="stable")
    sizes = np.bincount(found, minlength=len(free))
    # The how-manieth of its cell each row is, counted from the first free place.
    firsts = np.cumsum(sizes) - sizes
    ordered = found[order]
    positions = free[ordered] + np.arange(len(order)) - firsts[ordered]
    free += sizes
    return order, positions
