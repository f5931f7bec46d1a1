"""What the tests of indexing ask for: runs, looks, searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.assistant.lanes import Crews
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentStatus,
    IndexReport,
)
from desktop.domain.hold import Hold
from desktop.domain.settings import DocumentSettings
from desktop.indexing.folders import follow, look_through
from desktop.indexing.pipeline import IndexingEvent, IndexingParts, index_paths, read_again
from desktop.retrieval.retriever import Retriever
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.support.fake_embedder import MemoryIndex


@dataclass
class Desk:
    """A library on a real database with the real reader and an index in memory."""

    store: DocumentStore
    reader: DocumentReader
    folder: Path
    database: Database
    index: MemoryIndex = field(default_factory=MemoryIndex)
    settings: DocumentSettings = field(default_factory=DocumentSettings)
    passwords: list[str] = field(default_factory=list)
    hold: Hold = field(default_factory=Hold)
    crews: Crews = field(default_factory=Crews)

    @property
    def collection(self) -> Collection:
        return self.store.create_collection("Office")

    def events(self, *paths: Path, cancel: CancelToken | None = None) -> Iterator[IndexingEvent]:
        token = cancel or CancelToken()
        return index_paths(paths or (self.folder,), self.collection, self.parts, token)

    @property
    def parts(self) -> IndexingParts:
        return IndexingParts(
            documents=self.store,
            readers=[self.reader],
            index=self.index,
            settings=self.settings,
            describe=lambda error: f"It failed with {type(error).__name__}.",
            open_crew=self.crews.open,
            passwords=lambda: tuple(self.passwords),
            hold=self.hold,
        )

    def look(self, *, asked: bool = False) -> IndexReport:
        """Look through what the collection follows."""
        folders = self.store.followed(self.collection.id)
        return _report(
            look_through(folders, self.collection, self.parts, CancelToken(), asked=asked)
        )

    def follow(
        self,
        path: Path | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        max_file_mb: int = 0,
    ) -> IndexReport:
        """Follow a path from now on, and look through it."""
        followed = follow(
            self.store, self.collection, path or self.folder, include, exclude, max_file_mb
        )
        return _report(
            look_through([followed], self.collection, self.parts, CancelToken(), asked=True)
        )

    def read_again(self, path: str | Path) -> IndexReport:
        document = self.document(path)
        return _report(read_again(document, self.collection, self.parts, CancelToken()))

    def document(self, path: str | Path) -> Document:
        found = self.store.document_at(self.collection.id, str(path))
        assert found is not None, f"nothing is known of {path}"
        return found

    def run(self, *paths: Path) -> IndexReport:
        return _report(self.events(*paths))

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def found(self, question: str) -> list[str]:
        result = Retriever(self.store, self.index).retrieve(self.collection.id, question, 5)
        return [Path(hit.path).name for hit in result.hits]


def statuses(report: IndexReport) -> dict[str, DocumentStatus]:
    """How each file stands, by its name."""
    return {Path(file.path).name: file.status for file in report.files}


def _report(events: Iterator[IndexingEvent]) -> IndexReport:
    *_, report = events
    assert isinstance(report, IndexReport)
    return report
