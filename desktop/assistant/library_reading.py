"""What is read into collections, and the folders that they follow, as a face sees it."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.assistant.passwords import Passwords
from desktop.assistant.sentences import sentence_for
from desktop.assistant.stores import Stores
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentStatus,
    IndexReport,
    WatchedFolder,
)
from desktop.domain.errors import Skipped
from desktop.domain.hold import Hold
from desktop.domain.settings import Settings

if TYPE_CHECKING:
    from desktop.indexing.parts import IndexingParts
    from desktop.retrieval.index_worker import IndexWorker
    from desktop.retrieval.retriever import Retriever
    from desktop.storage.folder_store import FollowedFolder

Steps = Generator[object, None, object]


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


class LibraryReading:
    """Reading jobs. What a job works with is imported by the job, on its lane."""

    def __init__(self, parts: LibraryParts) -> None:
        self._parts = parts
        self._passwords = Passwords()
        self._hold = Hold()

    def index(
        self,
        paths: Sequence[Path],
        collection_name: str,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        max_file_mb: int = 0,
        passwords: Sequence[str] = (),
    ) -> JobId:
        """Read files and folders into a collection, which follows them from then on.

        `include` and `exclude` are patterns (`WatchedFolder`); where none is given, those of an
        earlier time stay. `Finished.result` is an `IndexReport`.
        """
        for password in passwords:
            self._passwords.add(password)
        wanted = _Wanted(tuple(paths), tuple(include), tuple(exclude), max_file_mb)
        return self._parts.indexing_lane.start(
            lambda cancel: self._index(wanted, collection_name, cancel)
        )

    def retry(self, document_id: int) -> JobId:
        """Read one file again, a quarantined or skipped one too."""
        return self._parts.indexing_lane.start(lambda cancel: self._retry(document_id, cancel))

    def unlock(self, document_id: int, password: str) -> JobId:
        """Read an encrypted file with a password, which is kept in memory and tried on others too.

        `Finished.result` is an `IndexReport`; a wrong password leaves `needs_password` in it.
        """
        return self._parts.indexing_lane.start(
            lambda cancel: self._unlock(document_id, password, cancel)
        )

    def skip(self, document_id: int) -> JobId:
        """Leave a file alone until it changes or is retried; `Finished.result` is the document."""
        return self._parts.indexing_lane.start(lambda _: self._skip(document_id))

    def pause(self) -> None:
        """Let reading wait where it is; it goes on with `resume`."""
        self._hold.pause()

    def resume(self) -> None:
        self._hold.resume()

    def rescan(self, collection_id: int, passwords: Sequence[str] = ()) -> JobId:
        """Look through the folders of a collection; `Finished.result` is an `IndexReport`."""
        for password in passwords:
            self._passwords.add(password)
        return self._parts.indexing_lane.start(
            lambda cancel: self._rescan(collection_id, cancel, asked=True)
        )

    def rescan_all(self) -> JobId:
        """Look through all folders, quietly; `Finished.result` is a tuple of `IndexReport`."""
        return self._parts.indexing_lane.start(self._rescan_all)

    def folders(self, collection_id: int) -> list[WatchedFolder]:
        """Return the folders and files that a collection follows, by path."""
        return [one.folder for one in self._parts.reads.documents.followed(collection_id)]

    def change_folder(self, folder: WatchedFolder) -> None:
        """Change the patterns of a followed folder; they hold from the next look on."""
        self._parts.reads.documents.change_folder(folder)

    def forget_folder(self, folder_id: int) -> JobId:
        """Follow a folder no more and remove what was read from it; its files stay."""
        return self._parts.indexing_lane.start(
            lambda cancel: self._forget_folder(folder_id, cancel)
        )

    def _index(self, wanted: _Wanted, name: str, cancel: CancelToken) -> Steps:
        store = self._parts.indexing_stores.documents
        known = {collection.id for collection in store.collections()}
        collection = store.create_collection(name)
        folders = self._followed(wanted, collection)
        report = yield from self._look(folders, collection, cancel, asked=True)
        # A mistyped path must not leave a collection of nothing behind; a drive that was pulled out
        # half-way must not take along what was read from it. os.path asks, because pathlib raises
        # where a folder is closed or a name too long.
        there = any(map(os.path.exists, wanted.paths)) or store.documents(collection.id, limit=1)
        if collection.id not in known and not there:
            store.remove_collection(collection.id)
        return report

    def _followed(self, wanted: _Wanted, collection: Collection) -> list[FollowedFolder]:
        from desktop.indexing.folders import follow

        store = self._parts.indexing_stores.documents
        return [
            follow(store, collection, path, wanted.include, wanted.exclude, wanted.max_file_mb)
            for path in wanted.paths
        ]

    def _rescan(self, collection_id: int, cancel: CancelToken, *, asked: bool) -> Steps:
        store = self._parts.indexing_stores.documents
        collection = store.collection_by_id(collection_id)
        folders = store.followed(collection_id)
        return (yield from self._look(folders, collection, cancel, asked=asked))

    def _rescan_all(self, cancel: CancelToken) -> Steps:
        reports = []
        for collection in self._parts.indexing_stores.documents.collections():
            cancel.raise_if_cancelled()
            reports.append((yield from self._rescan(collection.id, cancel, asked=False)))
        return tuple(reports)

    def _look(
        self,
        folders: Sequence[FollowedFolder],
        collection: Collection,
        cancel: CancelToken,
        *,
        asked: bool,
    ) -> Steps:
        from desktop.indexing.folders import look_through

        largest = max((one.max_file_mb for one in folders), default=0)
        with self._indexing_parts(largest) as parts:
            report = yield from _reported(
                look_through(folders, collection, parts, cancel, asked=asked)
            )
        yield from self._even_out(collection, report, cancel)
        return report

    def _retry(self, document_id: int, cancel: CancelToken) -> Steps:
        from desktop.indexing.pipeline import read_again

        store = self._parts.indexing_stores.documents
        document = store.document(document_id)
        collection = store.collection_by_id(document.collection_id)
        with self._indexing_parts() as parts:
            report = yield from _reported(read_again(document, collection, parts, cancel))
        yield from self._even_out(collection, report, cancel)
        return report

    def _even_out(
        self, collection: Collection, report: object, cancel: CancelToken
    ) -> Iterator[object]:
        """After the choice of an embedder has changed, turn what was read before to it too."""
        from desktop.indexing.reembedding import even_out

        if isinstance(report, IndexReport) and not report.stopped:
            documents = self._parts.indexing_stores.documents
            yield from even_out(collection, documents, self._parts.index, cancel)

    def _unlock(self, document_id: int, password: str, cancel: CancelToken) -> Steps:
        self._passwords.add(password)
        report = yield from self._retry(document_id, cancel)
        if isinstance(report, IndexReport) and any(
            file.status is DocumentStatus.NEEDS_PASSWORD for file in report.files
        ):
            self._passwords.forget(password)
        return report

    def _skip(self, document_id: int) -> Document:
        store = self._parts.indexing_stores.documents
        error = Skipped(store.document(document_id).path)
        return store.mark_failed(
            document_id,
            DocumentStatus.FAILED,
            type(error).__name__,
            sentence_for(error).happened,
        )

    def _forget_folder(self, folder_id: int, cancel: CancelToken) -> Steps:
        from desktop.indexing.folders import forget

        store = self._parts.indexing_stores.documents
        followed = store.folder(folder_id)
        if followed is None:
            return None
        collection = store.collection_by_id(followed.folder.collection_id)
        with self._indexing_parts() as parts:
            return (yield from _reported(forget(followed, collection, parts, cancel)))

    @contextmanager
    def _indexing_parts(self, max_file_mb: int = 0) -> Iterator[IndexingParts]:
        """What a run works with, its reading processes ended afterwards."""
        from desktop.documents.reader import DocumentReader
        from desktop.indexing.parts import IndexingParts

        settings = self._parts.settings().documents
        settings = replace(settings, max_file_mb=max(settings.max_file_mb, max_file_mb))
        readers = [DocumentReader(settings) for _ in range(reader_count())]
        self._parts.index.choose()
        try:
            yield IndexingParts(
                documents=self._parts.indexing_stores.documents,
                readers=readers,
                index=self._parts.index,
                settings=settings,
                describe=lambda error: sentence_for(error).happened,
                open_crew=self._parts.indexing_lane.crews.open,
                passwords=self._passwords.known,
                hold=self._hold,
            )
        finally:
            for reader in readers:
                reader.close()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a person asked to be read, and how."""

    paths: tuple[Path, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_file_mb: int


def reader_count() -> int:
    """So many reading processes help: they share the processor with the embedder."""
    return max(1, min(4, (os.cpu_count() or 1) // 2))


def _reported(events: Iterator[object]) -> Steps:
    """Pass the events on; the last of them is the report, and the value."""
    last: object = None
    for last in events:
        yield last
    return last
