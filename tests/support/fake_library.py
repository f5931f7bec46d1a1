"""Collections and documents in memory, read from real paths by their names and sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.assistant.events import Finished, JobId
from desktop.domain.checks import CollectionCheck, CollectionRepair
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentIndexed,
    DocumentKind,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
    Page,
    PagePicture,
    WatchedFolder,
)
from desktop.domain.errors import (
    FileMissing,
    InvalidName,
    PasswordNeeded,
    UnknownCollection,
    UnknownDocument,
)
from desktop.domain.models import EmbeddingProgress
from desktop.domain.retrieval import (
    NO_FILTERS,
    IndexBuilding,
    SearchFilters,
    SearchMode,
    SearchResult,
)
from tests.support.fake_desk import Desk


class FakeLibrary:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collections(self) -> list[Collection]:
        return list(self._desk.collections.values())

    def collection(self, name: str) -> Collection:
        for collection in self._desk.collections.values():
            if collection.name == name:
                return collection
        raise UnknownCollection(name)

    def create(self, name: str) -> Collection:
        if not name.strip() or len(name) > 100:
            raise InvalidName(name)
        for collection in self._desk.collections.values():
            if collection.name == name:
                return collection
        number = max([0, *self._desk.collections]) + 1
        made = self._desk.collections[number] = Collection(number, name, self._desk.now())
        return made

    def remove(self, collection_id: int) -> JobId:
        gone = self._desk.collections.pop(collection_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def documents(self, collection_id: int) -> list[Document]:
        return [d for d in self._desk.documents.values() if d.collection_id == collection_id]

    def document(self, document_id: int) -> Document:
        if document_id not in self._desk.documents:
            raise UnknownDocument(document_id)
        return self._desk.documents[document_id]

    def index(self, paths: Sequence[Path], collection_name: str) -> JobId:
        collection = self.create(collection_name)
        files = [f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p])]
        files = [file for file in files if not file.is_dir()]
        bodies: list[object] = []
        outcomes = []
        for done, file in enumerate(files, start=1):
            bodies.append(IndexProgress(done - 1, len(files), done - 1, done * 4, 96.0, 3.0))
            outcomes.append(self._take(file, collection.id))
            bodies.append(DocumentIndexed(outcomes[-1]))
        self._count(collection.id)
        report = IndexReport(collection_name, tuple(outcomes), 0.1, len(files))
        return self._desk.run([*bodies, report], Finished(report), shown_first=1)

    def remove_document(self, document_id: int) -> JobId:
        gone = self._desk.documents.pop(document_id)
        self._count(gone.collection_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def remove_documents(self, document_ids: Sequence[int]) -> JobId:
        gone = [self._desk.documents.pop(each) for each in document_ids]
        for collection_id in {each.collection_id for each in gone}:
            self._count(collection_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def reembed(self, collection_name: str = "") -> JobId:
        self._desk.reembedded.append(collection_name)
        return self._desk.run([EmbeddingProgress("", 1, 2)], Finished([]), shown_first=1)

    def verify(self, collection_id: int) -> JobId:
        return self._desk.run([], Finished(self._check(collection_id)), shown_first=0)

    def retry(self, document_id: int) -> JobId:
        document = self.document(document_id)
        outcome = self._take(Path(document.path), document.collection_id)
        report = IndexReport("", (outcome,), 0.1, outcome.pages)
        return self._desk.run([DocumentIndexed(outcome), report], Finished(report))

    def unlock(self, document_id: int, password: str) -> JobId:
        document = self.document(document_id)
        opened = password == self._desk.passwords.get(document_id)
        status = DocumentStatus.READY if opened else DocumentStatus.NEEDS_PASSWORD
        error = "" if opened else PasswordNeeded.__name__
        pages = 3 if opened else 0
        self._desk.documents[document_id] = replace(
            document, status=status, error=error, pages=pages, chunks=4 * pages
        )
        outcome = FileOutcome(document.path, status, error, pages, 4 * pages)
        report = IndexReport("", (outcome,), 0.1, pages)
        return self._desk.run([DocumentIndexed(outcome), report], Finished(report))

    def skip(self, document_id: int) -> JobId:
        document = replace(self.document(document_id), error="Skipped", error_detail="")
        self._desk.documents[document_id] = document
        return self._desk.run([], Finished(document), shown_first=0)

    def pause(self) -> None:
        self._desk.paused = True

    def resume(self) -> None:
        self._desk.paused = False

    def rescan(self, collection_id: int) -> JobId:
        self._desk.rescanned.append(collection_id)
        name = self._desk.collections[collection_id].name
        return self._desk.run([], Finished(IndexReport(name, (), 0.1, 0)), shown_first=0)

    def rescan_all(self) -> JobId:
        self._desk.rescanned += self._desk.collections
        return self._desk.run([], Finished(None), shown_first=0)

    def folders(self, collection_id: int) -> list[WatchedFolder]:
        return [f for f in self._desk.folders.values() if f.collection_id == collection_id]

    def change_folder(self, folder: WatchedFolder) -> None:
        self._desk.folders[folder.id] = folder

    def forget_folder(self, folder_id: int) -> JobId:
        gone = self._desk.folders.pop(folder_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def repair(self, collection_id: int) -> JobId:
        self._desk.problems.clear()
        check = self._check(collection_id)
        repair = CollectionRepair(check.collection, ("index",), 0, 30_000.0, check)
        return self._desk.run([IndexBuilding(1, 2)], Finished(repair), shown_first=1)

    def _check(self, collection_id: int) -> CollectionCheck:
        one = self._desk.collections[collection_id]
        problems, chunks = tuple(self._desk.problems), one.chunks
        return CollectionCheck(one.name, problems, one.documents, chunks, chunks, chunks, chunks)

    def search(
        self,
        query: str,
        collection_name: str,
        top_k: int,
        mode: SearchMode,
        filters: SearchFilters = NO_FILTERS,
    ) -> JobId:
        return self._desk.run([], Finished(SearchResult(query, mode, (), (), 0.01)))

    def page(self, document_id: int, number: int) -> Page:
        if (document_id, number) not in self._desk.pages:
            raise UnknownDocument(document_id)
        return self._desk.pages[document_id, number]

    def page_picture(self, document_id: int, number: int, width_px: int) -> JobId:
        page = self.page(document_id, number)
        height = round(width_px * page.height / page.width)
        picture = PagePicture(width_px, height, bytes([250, 240, 200]) * width_px * height)
        return self._desk.run([], Finished(picture), shown_first=0)

    def sample_folder(self) -> Path:
        return Path("samples")

    def sample_questions(self) -> list[str]:
        return ["How long is the lease?", "Who approves expenses?", "What does a desk cost?"]

    def _take(self, file: Path, collection_id: int) -> FileOutcome:
        known = [d for d in self._desk.documents.values() if d.path == str(file)]
        number = known[0].id if known else max([0, *self._desk.documents]) + 1
        there = file.is_file()
        status = DocumentStatus.READY if there else DocumentStatus.FAILED
        error = "" if there else FileMissing.__name__
        self._desk.documents[number] = Document(
            number,
            collection_id,
            str(file),
            file.name,
            DocumentKind.TEXT,
            status,
            "0" * 64,
            file.stat().st_size if there else 0,
            file.stat().st_mtime_ns if there else 0,
            pages=int(there),
            chunks=4 * int(there),
            error=error,
            error_detail="" if there else f"{file.name} is not there.",
            indexed_at=self._desk.now(),
        )
        return FileOutcome(str(file), status, error, int(there), 4 * int(there))

    def _count(self, collection_id: int) -> None:
        documents = self.documents(collection_id)
        ready = sum(d.status is DocumentStatus.READY for d in documents)
        self._desk.collections[collection_id] = replace(
            self._desk.collections[collection_id],
            documents=len(documents),
            ready=ready,
            attention=sum(bool(d.error) for d in documents),
            pages=sum(d.pages for d in documents),
            chunks=sum(d.chunks for d in documents),
        )
