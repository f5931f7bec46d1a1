"""A library on real parts but the embedder: the database, the reading process and Chroma."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.assistant.lanes import Crews
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, DocumentIndexed, DocumentStatus, IndexReport
from desktop.domain.settings import DocumentSettings
from desktop.indexing.leftovers import put_back_interrupted
from desktop.indexing.pipeline import IndexingEvent, IndexingParts, index_paths
from desktop.retrieval.retriever import Retriever
from desktop.retrieval.vectors_process import VectorsProcess
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations
from tests.support.fake_embedder import FakeEmbedder


class ChromaIndex:
    """The fake embedder, and Chroma in its real process."""

    def __init__(self, folder: Path) -> None:
        self._model = FakeEmbedder()
        self.vectors = VectorsProcess(folder)

    @property
    def embedder(self) -> str:
        return self._model.name

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        if cancel is not None:
            cancel.raise_if_cancelled()
        return self._model.embed(texts)

    def choose(self) -> None:
        """There is no other one."""

    def embed_question(
        self, question: str, embedder: str, cancel: CancelToken | None = None
    ) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed([question], cancel)[0]
        return vector

    def pieces(self, text: str) -> int:
        return self._model.pieces(text)


@dataclass
class ChromaDesk:
    """Everything that a run of indexing and a search need, in one data folder."""

    database: Database
    store: DocumentStore
    reader: DocumentReader
    index: ChromaIndex
    crews: Crews = field(default_factory=Crews)

    @staticmethod
    def open(data: Path) -> ChromaDesk:
        locations = Locations.of(data)
        database = Database.open(locations.database)
        return ChromaDesk(
            database,
            DocumentStore(database),
            DocumentReader(DocumentSettings()),
            ChromaIndex(locations.index),
        )

    @property
    def collection(self) -> Collection:
        return self.store.create_collection("Office")

    @property
    def retriever(self) -> Retriever:
        return Retriever(self.store, self.index)

    def events(
        self,
        folder: Path,
        cancel: CancelToken | None = None,
        passwords: Sequence[str] = (),
    ) -> Iterator[IndexingEvent]:
        parts = IndexingParts(
            self.store,
            [self.reader],
            self.index,
            DocumentSettings(),
            lambda error: type(error).__name__,
            self.crews.open,
            lambda: passwords,
        )
        return index_paths([folder], self.collection, parts, cancel or CancelToken())

    def run(self, folder: Path, passwords: Sequence[str] = ()) -> IndexReport:
        *_, report = self.events(folder, passwords=passwords)
        assert isinstance(report, IndexReport)
        return report

    def close(self) -> None:
        self.crews.close()
        self.reader.close()
        self.index.vectors.close()
        self.database.close()


def main(data: Path, folder: Path) -> None:
    """Index `folder` once and say what is done; a test may kill this process at any moment."""
    desk = ChromaDesk.open(data)
    put_back_interrupted(desk.store)
    print("started", flush=True)
    for event in desk.events(folder):
        if isinstance(event, DocumentIndexed) and event.outcome.status is DocumentStatus.READY:
            print(f"done {event.outcome.path}", flush=True)
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
