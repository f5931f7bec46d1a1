"""A library on real parts alone: database, reading process, embedder, Chroma."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from desktop.assistant.embedders import Embedders
from desktop.assistant.lanes import Crews
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, IndexReport
from desktop.domain.settings import DocumentSettings, Settings
from desktop.indexing.pipeline import IndexingEvent, IndexingParts, index_paths
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.retriever import Retriever
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations
from desktop.storage.resources import resource_path

EMBEDDER_FOLDER = resource_path("models/embedding/all-MiniLM-L6-v2")


@dataclass
class RealDesk:
    """What indexing and searching need, in one data folder."""

    store: DocumentStore
    reader: DocumentReader
    index: IndexWorker
    crews: Crews = field(default_factory=Crews)

    @staticmethod
    @contextmanager
    def open(data: Path) -> Iterator[RealDesk]:
        locations = Locations.of(data)
        database = Database.open(locations.database)
        desk = RealDesk(
            DocumentStore(database),
            DocumentReader(DocumentSettings()),
            IndexWorker(locations.index, Embedders(Settings, ()).find),
        )
        try:
            yield desk
        finally:
            desk.crews.close()
            desk.reader.close()
            desk.index.close()
            database.close()

    @property
    def retriever(self) -> Retriever:
        return Retriever(self.store, self.index)

    def events(
        self, paths: Sequence[Path], collection: Collection, cancel: CancelToken | None = None
    ) -> Iterator[IndexingEvent]:
        parts = IndexingParts(
            self.store,
            [self.reader],
            self.index,
            DocumentSettings(),
            lambda error: type(error).__name__,
            self.crews.open,
        )
        return index_paths(paths, collection, parts, cancel or CancelToken())

    def run(self, paths: Sequence[Path], collection: Collection) -> IndexReport:
        *_, report = self.events(paths, collection)
        assert isinstance(report, IndexReport)
        return report
