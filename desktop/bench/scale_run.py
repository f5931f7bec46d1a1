"""One size of `carrel bench scale`: stored, built, opened, searched, and partly deleted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.bench.scale_corpus import Floats, RealTexts, made_document
from desktop.domain.cancel import CancelToken
from desktop.domain.retrieval import SearchMode
from desktop.indexing.removal import erase_words, remove_documents
from desktop.retrieval.retriever import Retriever
from desktop.retrieval.vector_index import VectorIndex
from desktop.retrieval.vectors_process import VectorsProcess
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations

_CHUNKS_A_DOCUMENT = 100
_DOCUMENTS_A_TRANSACTION = 20
_DELETED_CHUNKS = 10_000
_NEAREST = 100
_WARM_QUESTIONS = 20
_RUNS_A_BLOCK = 100
_EMBEDDER = "made for the bench"


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one kind of search, the embedding of the question left out."""

    p50_ms: float
    p95_ms: float

    @staticmethod
    def of(seconds: Sequence[float]) -> Times:
        p50, p95 = np.percentile(seconds, [50, 95]) * 1000
        return Times(round(float(p50), 1), round(float(p95), 1))


@dataclass(frozen=True, slots=True)
class Deletion:
    """Documents taken out: gone from every answer and their room given back after `seconds`.

    After `words_seconds` more, in small steps, the last of their words is overwritten too.
    """

    chunks: int
    seconds: float
    bytes_given_back: int
    words_seconds: float
    words_bytes_given_back: int


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """What was measured at one size; `stored_seconds` is None where the data was there already."""

    chunks: int
    stored_seconds: float | None
    build_seconds: float
    vectors_per_second: float
    open_seconds: float
    vector: Times
    keyword: Times
    both: Times
    recall_at_10: float
    recall_at_100: float
    deletion: Deletion
    database_bytes: int
    cells_bytes: int
    memory_bytes: int


class ScaleRun:
    """Measures one size in one data folder, and leaves the folder for the next time."""

    def __init__(
        self,
        data: Path,
        chunks: int,
        real: RealTexts,
        tell: Callable[[str], None],
        cancel: CancelToken,
    ) -> None:
        self._locations = Locations.of(data)
        self._chunks = chunks
        self._real = real
        self._tell = tell
        self._cancel = cancel
        self._index = _EmbeddedQuestions(self._locations.index, real)
        self._open()
        self._collection = self._store.create_collection("Scale").id

    def result(self) -> ScaleResult:
        stored = self._fill()
        build = self._build()
        opening = self._open_again()
        recall_at_10, recall_at_100 = self._recall()
        retriever = Retriever(self._store, self._index)
        times = {mode: self._times(retriever, mode) for mode in SearchMode}
        memory = _memory_bytes()
        cells = _bytes_of(self._store.cells_folder)
        return ScaleResult(
            chunks=self._chunks,
            stored_seconds=stored,
            build_seconds=round(build, 2),
            vectors_per_second=round(self._chunks / build),
            open_seconds=round(opening, 3),
            vector=times[SearchMode.VECTOR],
            keyword=times[SearchMode.KEYWORD],
            both=times[SearchMode.HYBRID],
            recall_at_10=recall_at_10,
            recall_at_100=recall_at_100,
            deletion=self._delete(),
            database_bytes=self._locations.database.stat().st_size,
            cells_bytes=cells,
            memory_bytes=memory,
        )

    def missing(self) -> int:
        """How many documents are still to be stored."""
        return len(self._missing())

    def close(self) -> None:
        self._index.vectors.close()
        self._database.close()

    def _open(self) -> None:
        self._database = Database.open(self._locations.database)
        self._store = DocumentStore(self._database)

    def _fill(self) -> float | None:
        """Store what is missing through the store that indexing uses."""
        missing = self._missing()
        if not missing:
            return None
        seconds = 0.0
        for begin in range(0, len(missing), _DOCUMENTS_A_TRANSACTION):
            self._cancel.raise_if_cancelled()
            self._tell(f"storing document {begin} of {len(missing)}")
            made = [
                made_document(self._real, number, _CHUNKS_A_DOCUMENT)
                for number in missing[begin : begin + _DOCUMENTS_A_TRANSACTION]
            ]
            # The making of the corpus is no part of what is measured.
            started = time.perf_counter()
            with self._database.transaction():
                for one in made:
                    reading = self._store.mark_reading(self._collection, one.path, 1, 1)
                    self._store.save_ready(
                        reading.id, one.content, one.path, 1, 1, one.chunks, one.vectors, _EMBEDDER
                    )
            seconds += time.perf_counter() - started
        return round(seconds, 1)

    def _missing(self) -> list[int]:
        there = {document.path for document in self._store.documents(self._collection)}
        numbers = range(self._chunks // _CHUNKS_A_DOCUMENT)
        return [number for number in numbers if f"/made/{number:06}.txt" not in there]

    def _build(self) -> float:
        """Build what answers anew from the stored vectors; seconds."""
        from desktop.retrieval.cells_in_step import build_due_cells

        sets = self._store.vector_sets
        for named in sets.every():
            sets.distrust_cells(named.collection_id, named.embedder, named.stamp)
        started = time.perf_counter()
        for step in build_due_cells(self._store, self._cancel):
            self._tell(f"building {step.vectors_done} of {step.vectors_total} vectors")
        return time.perf_counter() - started

    def _open_again(self) -> float:
        """Close everything, and open it as far as a first answer; seconds."""
        self._database.close()
        started = time.perf_counter()
        self._open()
        index = VectorIndex(self._store, self._index.vectors)
        index.search(self._collection, self._real.question_vectors[0], _NEAREST)
        seconds = time.perf_counter() - started
        return seconds

    def _recall(self) -> tuple[float, float]:
        """The share of the truly nearest ten and hundred that a search finds."""
        self._tell("searching exactly, to compare")
        exact = self._nearest_exactly()
        index = VectorIndex(self._store, self._index.vectors)
        shares: list[tuple[float, float]] = []
        for vector, nearest in zip(self._real.question_vectors, exact, strict=True):
            found = [one for one, _ in index.search(self._collection, vector, _NEAREST)]
            shares.append(
                (
                    len(set(found[:10]) & set(nearest[:10])) / len(nearest[:10]),
                    len(set(found) & set(nearest)) / len(nearest),
                )
            )
        at_10, at_100 = np.mean(shares, axis=0)
        return round(float(at_10), 4), round(float(at_100), 4)

    def _nearest_exactly(self) -> list[list[int]]:
        questions = self._real.question_vectors
        best = np.empty((len(questions), 0), np.float32)
        ids = np.empty((len(questions), 0), np.int64)
        for rows, vectors in self._blocks():
            similar = np.concatenate([best, questions @ vectors.T], axis=1)
            every = np.concatenate(
                [ids, np.broadcast_to(rows, (len(questions), len(rows)))], axis=1
            )
            kept = np.argpartition(-similar, _NEAREST - 1, axis=1)[:, :_NEAREST]
            best = np.take_along_axis(similar, kept, axis=1)
            ids = np.take_along_axis(every, kept, axis=1)
        order = np.argsort(-best, axis=1)
        return [row.tolist() for row in np.take_along_axis(ids, order, axis=1)]

    def _blocks(self) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """All stored vectors, many at a time."""
        runs = self._store.vector_table.runs(self._collection, _EMBEDDER)
        while block := list(islice(runs, _RUNS_A_BLOCK)):
            yield (
                np.concatenate([run.chunk_ids for run in block]),
                np.concatenate([run.vectors for run in block]),
            )

    def _times(self, retriever: Retriever, mode: SearchMode) -> Times:
        self._tell(f"searching: {mode}")
        for question in self._real.questions[:_WARM_QUESTIONS]:
            retriever.retrieve(self._collection, question, 10, mode)
        seconds = [
            retriever.retrieve(self._collection, question, 10, mode).seconds
            for question in self._real.questions
        ]
        return Times.of(seconds)

    def _delete(self) -> Deletion:
        """Take out documents from all over the collection, and put nothing in their place."""
        self._tell("deleting")
        stored = self._store.documents(self._collection)
        wanted = min(_DELETED_CHUNKS, self._chunks // 2) // _CHUNKS_A_DOCUMENT
        chosen = stored[:: max(1, len(stored) // wanted)][:wanted]
        full = _bytes_of(self._locations.data)
        started = time.perf_counter()
        remove_documents(self._store, self._index, [one.id for one in chosen], self._cancel)
        removed = time.perf_counter()
        smaller = _bytes_of(self._locations.data)
        erase_words(self._store, self._cancel)
        erased = time.perf_counter()
        return Deletion(
            chunks=wanted * _CHUNKS_A_DOCUMENT,
            seconds=round(removed - started, 2),
            bytes_given_back=full - smaller,
            words_seconds=round(erased - removed, 2),
            words_bytes_given_back=smaller - _bytes_of(self._locations.data),
        )


class _EmbeddedQuestions:
    """Questions whose embeddings are known: how long embedding takes is stated by itself."""

    def __init__(self, folder: Path, real: RealTexts) -> None:
        self._known = dict(zip(real.questions, real.question_vectors, strict=True))
        self._nothing = np.zeros_like(real.question_vectors[0])
        self.vectors = VectorsProcess(folder)
        self.embedder = _EMBEDDER

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> Floats:
        if cancel is not None:
            cancel.raise_if_cancelled()
        return np.stack([self._known.get(text, self._nothing) for text in texts])

    def embed_question(
        self, question: str, embedder: str, cancel: CancelToken | None = None
    ) -> Floats:
        assert embedder in ("", self.embedder)
        return np.asarray(self.embed([question], cancel)[0], np.float32)

    def pieces(self, text: str) -> int:
        return len(text.split())


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _memory_bytes() -> int:
    """What this process holds in memory, 0 where the system does not tell that plainly."""
    if sys.platform != "linux":
        return 0
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
