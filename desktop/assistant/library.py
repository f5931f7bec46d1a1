"""Collections and documents as a face sees them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.sentences import sentence_for
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document, DocumentContent, Page
from desktop.domain.retrieval import SearchMode, SearchResult
from desktop.domain.settings import Settings
from desktop.storage.resources import resource_path

if TYPE_CHECKING:
    from desktop.documents.reader import DocumentReader
    from desktop.indexing.pipeline import IndexingParts
    from desktop.retrieval.index_worker import IndexWorker
    from desktop.retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """`reads` serves the face's own thread; the lanes have stores of their own."""

    reads: Stores
    indexing_lane: Lane
    indexing_stores: Stores
    answers_lane: Lane
    answers_stores: Stores
    retriever: Retriever
    errands_lane: Lane
    index: IndexWorker
    settings: Callable[[], Settings]


class Library:
    """What can be searched, and the jobs that change it.

    What a job works with is imported by the job, on its lane: the window does not wait for it.
    """

    def __init__(self, parts: LibraryParts) -> None:
        self._parts = parts

    def collections(self) -> list[Collection]:
        return self._parts.reads.documents.collections()

    def collection(self, name: str) -> Collection:
        """Raises `UnknownCollection`."""
        return self._parts.reads.documents.collection(name)

    def create(self, name: str) -> Collection:
        """Return the collection of this name, made if there was none; raises `InvalidName`."""
        return self._parts.reads.documents.create_collection(name)

    def documents(self, collection_id: int) -> list[Document]:
        return self._parts.reads.documents.documents(collection_id)

    def page(self, document_id: int, number: int) -> Page:
        return self._parts.reads.documents.page(document_id, number)

    def index(self, paths: Sequence[Path], collection_name: str) -> JobId:
        """Read files and folders into a collection; `Finished.result` is an `IndexReport`."""
        chosen = tuple(paths)
        return self._parts.indexing_lane.start(
            lambda cancel: self._index(chosen, collection_name, cancel)
        )

    def retry(self, document_id: int) -> JobId:
        """Read one file again, a quarantined one too."""
        return self._parts.indexing_lane.start(lambda cancel: self._retry(document_id, cancel))

    def remove_document(self, document_id: int) -> JobId:
        return self._parts.indexing_lane.start(
            lambda cancel: self._remove_document(document_id, cancel)
        )

    def remove(self, collection_id: int) -> JobId:
        """Remove a collection with all its documents; the files themselves stay."""
        return self._parts.indexing_lane.start(lambda cancel: self._remove(collection_id, cancel))

    def search(self, query: str, collection_name: str, top_k: int, mode: SearchMode) -> JobId:
        """`Finished.result` is a `SearchResult`."""
        return self._parts.answers_lane.start(
            lambda _: self._search(query, collection_name, top_k, mode)
        )

    def extract(self, path: Path) -> JobId:
        """Read one file without keeping it; `Finished.result` is a `DocumentContent`."""
        return self._parts.errands_lane.start(lambda cancel: self._extract(path, cancel))

    def warm(self) -> JobId:
        """Load the embedder and check the index, so that the first question need not wait."""
        return self._parts.indexing_lane.start(self._warm)

    def sample_folder(self) -> Path:
        return resource_path("samples")

    def sample_questions(self) -> list[str]:
        listed = json.loads(resource_path("sample_questions.json").read_text(encoding="utf-8"))
        return [entry["question"] for entry in listed]

    def _index(
        self, paths: tuple[Path, ...], name: str, cancel: CancelToken
    ) -> Generator[object, None, object]:
        store = self._parts.indexing_stores.documents
        known = {collection.id for collection in store.collections()}
        collection = store.create_collection(name)
        report = yield from self._read_into(collection, paths, cancel)
        # A mistyped path must not leave a collection of nothing behind; a drive that was pulled out
        # half-way must not take along what was read from it. os.path asks, because pathlib raises
        # where a folder is closed or a name too long.
        there = any(map(os.path.exists, paths)) or store.documents(collection.id, limit=1)
        if collection.id not in known and not there:
            store.remove_collection(collection.id)
        return report

    def _read_into(
        self, collection: Collection, paths: Sequence[Path], cancel: CancelToken
    ) -> Generator[object, None, object]:
        from desktop.documents.reader import DocumentReader
        from desktop.indexing.pipeline import index_paths

        settings = self._parts.settings().documents
        reader = DocumentReader(settings)
        report: object = None
        try:
            for report in index_paths(paths, collection, self._indexing_parts(reader), cancel):
                yield report
        finally:
            reader.close()
        return report

    def _indexing_parts(self, reader: DocumentReader) -> IndexingParts:
        from desktop.indexing.pipeline import IndexingParts

        parts = self._parts
        return IndexingParts(
            documents=parts.indexing_stores.documents,
            reader=reader,
            index=parts.index,
            settings=parts.settings().documents,
            describe=lambda error: sentence_for(error).happened,
        )

    def _retry(self, document_id: int, cancel: CancelToken) -> Generator[object, None, object]:
        store = self._parts.indexing_stores.documents
        document = store.document(document_id)
        collection = store.collection_by_id(document.collection_id)
        # Named by itself, so a quarantined file is opened again.
        return (yield from self._read_into(collection, [Path(document.path)], cancel))

    def _remove_document(self, document_id: int, cancel: CancelToken) -> Document:
        from desktop.indexing.removal import remove_document

        store = self._parts.indexing_stores.documents
        return remove_document(store, self._parts.index, document_id, cancel)

    def _remove(self, collection_id: int, cancel: CancelToken) -> Collection:
        from desktop.indexing.removal import remove_collection

        store = self._parts.indexing_stores.documents
        return remove_collection(store, self._parts.index, collection_id, cancel)

    def _warm(self, cancel: CancelToken) -> None:
        from desktop.indexing.leftovers import check_index, put_back_interrupted

        documents = self._parts.indexing_stores.documents
        put_back_interrupted(documents)
        self._parts.index.warm(cancel)
        check_index(documents, self._parts.index, cancel)

    def _search(self, query: str, name: str, top_k: int, mode: SearchMode) -> SearchResult:
        collection = self._parts.answers_stores.documents.collection(name)
        return self._parts.retriever.retrieve(collection.id, query, top_k, mode)

    def _extract(self, path: Path, cancel: CancelToken) -> DocumentContent:
        from desktop.documents.reader import DocumentReader

        reader = DocumentReader(self._parts.settings().documents)
        try:
            return reader.read(path, cancel)
        finally:
            reader.close()
