"""Folders in, searchable chunks out: scan, read, chunk, embed, store, one file after another."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.documents.fingerprint import sha256_of
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentContent,
    DocumentIndexed,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
)
from desktop.domain.errors import (
    Cancelled,
    CarrelError,
    DocumentError,
    EmptyFile,
    FileChangedWhileRead,
    ModelError,
    NeedsTextRecognition,
    PasswordNeeded,
    ReaderDied,
    ReaderTimedOut,
    WorkerError,
)
from desktop.domain.settings import DocumentSettings
from desktop.indexing.chunking import Passage, passages_of
from desktop.indexing.embedding import RunEmbedder, Vector
from desktop.indexing.scanning import FoundFile, Unreachable, scan
from desktop.indexing.tally import Tally
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore

IndexingEvent = IndexProgress | DocumentIndexed | IndexReport
Steps = Generator[IndexProgress, None, FileOutcome]

_QUARANTINING = (ReaderDied.__name__, ReaderTimedOut.__name__)
# One text may take the embedder down; if the next file does so too, it is not the text.
_WORKER_FAILURES = 2


@dataclass(frozen=True, slots=True)
class IndexingParts:
    """What a run works with; `describe` says an error in one plain sentence."""

    documents: DocumentStore
    reader: DocumentReader
    index: Index
    settings: DocumentSettings
    describe: Callable[[CarrelError], str]


def index_paths(
    paths: Sequence[Path], collection: Collection, parts: IndexingParts, cancel: CancelToken
) -> Iterator[IndexingEvent]:
    """Index files and folders; the report comes last, also when the run was stopped.

    Nothing done is done again: unchanged files are known by size and date, else by content. A
    file that cannot be read is named with its reason and stops nothing. Raises `ModelError`,
    `WorkerError` or `StorageError` where no file could be indexed any more.
    """
    run = _Run(collection, parts, cancel)
    stopped = False
    try:
        yield from run.files(paths)
    except Cancelled:
        stopped = True
    try:
        run.settle()
    except Cancelled:
        stopped = True
    yield run.tally.report(stopped)


class _Run:
    """One pass over the files that were asked for."""

    def __init__(self, collection: Collection, parts: IndexingParts, cancel: CancelToken) -> None:
        self.tally = Tally(collection.name)
        self._collection = collection
        self._parts = parts
        self._cancel = cancel
        self._embedder = RunEmbedder(parts.index, cancel)
        self._vectors = VectorIndex(parts.documents, parts.index.vectors)
        self._worker_failures = 0

    def files(self, paths: Sequence[Path]) -> Iterator[IndexingEvent]:
        """Bring every file under `paths` up to date."""
        found = scan(paths, self._parts.settings.include_hidden, self._cancel)
        sizes = [item.size_bytes for item in found if isinstance(item, FoundFile)]
        self.tally.expect(len(found), sum(sizes))
        stored = self._parts.documents.documents(self._collection.id)
        known = {document.path: document for document in stored}
        for item in found:
            self._cancel.raise_if_cancelled()
            if isinstance(item, Unreachable):
                yield self._done(self._failure(item.path, item.error))
                continue
            outcome = self._known_outcome(item, known.get(str(item.path)))
            if outcome is None:
                yield self.tally.progress(str(item.path))
                outcome = yield from self._bring_up_to_date(item)
            yield self._done(outcome, item.size_bytes)

    def settle(self) -> None:
        """Leave the vector index whole and checked, and nothing of what was replaced."""
        if self._vectors.needs_settling:
            self._vectors.settle(self._cancel)
            self._parts.documents.erase_removed(self._cancel)

    def _done(self, outcome: FileOutcome, size_bytes: int = 0) -> DocumentIndexed:
        self.tally.add(outcome, size_bytes)
        return DocumentIndexed(outcome)

    def _known_outcome(self, file: FoundFile, document: Document | None) -> FileOutcome | None:
        """What became of the file, where its size and date say that nothing is to be done."""
        if document is None or (document.size_bytes, document.modified_ns) != (
            file.size_bytes,
            file.modified_ns,
        ):
            return None
        if document.status is DocumentStatus.READY:
            return _unchanged(document)
        quarantined = document.status is DocumentStatus.FAILED and document.error in _QUARANTINING
        if quarantined and not file.named:
            # It took the reader down once: opened again only when asked for by name.
            return FileOutcome(document.path, document.status, document.error_detail)
        return None

    def _bring_up_to_date(self, file: FoundFile) -> Steps:
        documents = self._parts.documents
        # Committed before the file is opened: whatever happens now, it is known on which file.
        document = documents.mark_reading(
            self._collection.id, str(file.path), file.size_bytes, file.modified_ns
        )
        try:
            outcome = yield from self._read_and_store(file, document)
        except (DocumentError, WorkerError) as error:
            self._give_up_after(error)
            outcome = self._failure(document.path, error)
            documents.mark_failed(document.id, outcome.status, type(error).__name__, outcome.error)
            return outcome
        except (Cancelled, ModelError):
            documents.mark_failed(document.id, DocumentStatus.WAITING, "", "")
            raise
        self._worker_failures = 0
        return outcome

    def _read_and_store(self, file: FoundFile, document: Document) -> Steps:
        # Hashed first only where that may save the reading.
        sha256 = sha256_of(file.path, self._cancel) if document.chunks else ""
        if document.chunks and document.sha256 == sha256:
            # Touched, or its reading was stopped: what is stored is this very content.
            return _unchanged(
                self._parts.documents.mark_unchanged(document.id, file.size_bytes, file.modified_ns)
            )
        content = self._parts.reader.read(file.path, self._cancel)
        sha256 = sha256 or sha256_of(file.path, self._cancel)
        _refuse_if_changed(file)
        passages = passages_of(content, self._cancel)
        if not passages:
            no_text = NeedsTextRecognition if content.picture_pages else EmptyFile
            raise no_text(document.path)
        vectors: list[Vector] = []
        for done in self._embedder.embed([each.embedded_text for each in passages], vectors):
            self.tally.chunks_made += done
            yield self.tally.progress(document.path)
        return self._store(document, content, sha256, passages, vectors)

    def _store(
        self,
        document: Document,
        content: DocumentContent,
        sha256: str,
        passages: Sequence[Passage],
        vectors: Sequence[Vector],
    ) -> FileOutcome:
        matrix = np.stack(vectors)
        # Before the database changes, not only before the index does: a kill between the two
        # must leave the index in doubt.
        self._vectors.begin_changes()
        stored = self._parts.documents.save_ready(
            document.id,
            content,
            sha256,
            document.size_bytes,
            document.modified_ns,
            [passage.chunk for passage in passages],
            matrix,
            self._parts.index.embedder,
        )
        self._vectors.remove(self._collection.id, stored.replaced_chunk_ids)
        self._vectors.add(self._collection.id, np.array(stored.chunk_ids, np.int64), matrix)
        return FileOutcome(
            document.path, DocumentStatus.READY, "", len(content.pages), len(passages)
        )

    def _failure(self, path: str, error: CarrelError) -> FileOutcome:
        return FileOutcome(path, _status_after(error), self._parts.describe(error))

    def _give_up_after(self, error: CarrelError) -> None:
        """Raise `error` again where it is no longer about one file."""
        if isinstance(error, WorkerError):
            self._worker_failures += 1
            if self._worker_failures == _WORKER_FAILURES:
                raise error


def _unchanged(document: Document) -> FileOutcome:
    return FileOutcome(document.path, DocumentStatus.UNCHANGED, "", document.pages, document.chunks)


def _status_after(error: CarrelError) -> DocumentStatus:
    if isinstance(error, PasswordNeeded):
        return DocumentStatus.NEEDS_PASSWORD
    if isinstance(error, NeedsTextRecognition):
        return DocumentStatus.NEEDS_OCR
    return DocumentStatus.FAILED


def _refuse_if_changed(file: FoundFile) -> None:
    try:
        now = file.path.stat()
    except OSError:
        raise FileChangedWhileRead(str(file.path)) from None
    if (now.st_size, now.st_mtime_ns) != (file.size_bytes, file.modified_ns):
        raise FileChangedWhileRead(str(file.path))
