"""One run over files: readers, embedder and writer at the same time, put in order in one place."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial

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
)
from desktop.domain.errors import CarrelError, DocumentError, StorageError, UnknownDocument
from desktop.indexing.changes import inner_task, outcome_of
from desktop.indexing.crew import Inbox, Pending, Room, RunEvent
from desktop.indexing.drafts import Draft, FileTask, Part
from desktop.indexing.embedding import EMBEDDING_WORKERS, Embedding
from desktop.indexing.finishing import finished_of, refuse_if_changed, status_after
from desktop.indexing.parts import IndexingParts
from desktop.indexing.reading import read_file
from desktop.indexing.storing import Writer
from desktop.indexing.tally import Tally
from desktop.indexing.twins import copied_from, copy, moved_from
from desktop.storage.document_store import FinishedDocument, StoredDocument

# Read and not yet stored: enough to share batches, and all that a kill costs.
_DRAFTS = 8
_SLICE_S = 0.05
_UNFINISHED = (DocumentStatus.WAITING, DocumentStatus.READING)

# Something that needs a reader, and gives it back.
ReaderJob = Callable[[DocumentReader], Iterator[RunEvent]]


class Run:
    """Brings files up to date. Used as a context, at whose end no worker is left.

    Workers read, hash and embed; everything that touches the database happens in the thread that
    takes the run's events, step by step, as results come in.
    """

    def __init__(self, collection: Collection, parts: IndexingParts, cancel: CancelToken) -> None:
        self.tally = Tally(collection.name)
        self.parts = parts
        self.inbox = Inbox()
        self.writer = Writer(collection, parts.documents, parts.index, cancel)
        # What the workers look at: set also when the run ends for another reason than `cancel`.
        self.stop = CancelToken()
        self.crew = parts.open_crew("reading", len(parts.readers) + 1)
        self._collection = collection
        self._cancel = cancel
        self._room = Room(parts.hold)
        self._embedding_crew = parts.open_crew("embedding", EMBEDDING_WORKERS)
        self._embedding = Embedding(
            parts.index,
            parts.documents,
            self._embedding_crew,
            self.inbox,
            self._room,
            self.stop,
            advanced=self._advanced,
            failed=self._fail_draft,
        )
        self._free = list(parts.readers)
        self._to_hash: deque[FileTask] = deque()
        self._hashing = 0
        self._to_decide: deque[FileTask] = deque()
        self._to_read: deque[FileTask] = deque()
        self._jobs: deque[ReaderJob] = deque()
        self._drafts: set[Draft] = set()
        # Files with the content of one that is being read: that one is stored before them.
        self._parked: dict[str, list[FileTask]] = {}

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.end_workers()

    def end_workers(self) -> None:
        """Stop what is being read and embedded; those documents wait for the next run."""
        self.stop.cancel()
        self.crew.close()
        self._embedding_crew.close()
        drafts, self._drafts = self._drafts, set()
        for draft in drafts:
            # Each by itself: one that was removed meanwhile must not leave the others "reading".
            # Where nothing can be written, the next start puts them back.
            with contextlib.suppress(StorageError, UnknownDocument):
                if not draft.from_database:
                    self.parts.documents.mark_failed(
                        draft.document.id, DocumentStatus.WAITING, "", ""
                    )

    def add(self, task: FileTask) -> None:
        """Note a file that is to be brought up to date."""
        (self._to_read if task.inside else self._to_hash).append(task)

    def add_job(self, job: ReaderJob) -> None:
        """Note something that needs a reader once no file does."""
        self._jobs.append(job)

    def give_back(self, reader: DocumentReader) -> None:
        self._free.append(reader)

    def work(self) -> Iterator[RunEvent]:
        """Do all that was noted. Raises `Cancelled`, and what ends a run."""
        if self._to_hash or self._to_read or self._jobs:
            self._embedding.begin()
        while self._busy:
            self._cancel.raise_if_cancelled()
            yield from self._look_at_hold()
            if not self.tally.paused:
                yield from self._hand_out()
            step = self.inbox.next()
            if step is not None:
                yield from step()

    def done(self, outcome: FileOutcome) -> DocumentIndexed:
        """Count what became of a file."""
        self.tally.add(outcome)
        return DocumentIndexed(outcome)

    def fail(self, task: FileTask, error: CarrelError) -> Iterator[RunEvent]:
        """Note that a file could not be read, and why."""
        yield from self._note_failure(self._marked(task), error)
        self._unpark(task)

    def remove_if_there(self, document: Document) -> None:
        """Take out a document whose file is gone, unless it was found to have moved."""
        try:
            now = self.parts.documents.document(document.id)
        except UnknownDocument:
            return
        if now.path == document.path:
            self.writer.remove_document(now)
            self.tally.removed.append(now.path)

    def embed(self, draft: Draft, part: Part) -> Iterator[RunEvent]:
        """Give a part of a draft its vectors; the draft is stored when it is complete."""
        self._drafts.add(draft)
        if not draft.dropped:
            yield from self._embedding.add(draft, part)

    def read(self, draft: Draft, content: DocumentContent) -> Iterator[RunEvent]:
        """Note that all parts of a draft have come."""
        self._drafts.add(draft)
        draft.content = content
        if draft.complete:
            yield from self._finish(draft)

    @property
    def _busy(self) -> bool:
        noted = self._to_hash or self._to_decide or self._to_read or self._jobs
        out = len(self._free) < len(self.parts.readers)
        return bool(noted or self._hashing or out or self._drafts) or self._embedding.busy

    @property
    def _wants_more(self) -> bool:
        """Whether another file is to be read: enough, and no more, stands before the embedder."""
        return self._room.open and self._embedding.short and len(self._drafts) < _DRAFTS

    def _look_at_hold(self) -> Iterator[RunEvent]:
        paused = self.parts.hold.paused
        if paused != self.tally.paused:
            self.tally.hold(paused)
            yield self.tally.progress()

    def _hand_out(self) -> Iterator[RunEvent]:
        """Keep the embedder and the readers busy."""
        self._embedding.fill()
        while self._to_hash and self._hashing + len(self._to_read) <= len(self.parts.readers):
            self._hash(self._to_hash.popleft())
        for _ in range(len(self._to_decide)):
            yield from self._decide(self._to_decide.popleft())
        while self._to_read and self._free and self._wants_more:
            yield from self._read(self._to_read.popleft())
        while self._jobs and self._free and not self._to_read:
            yield from self._jobs.popleft()(self._free.pop())

    def _hash(self, task: FileTask) -> None:
        self._hashing += 1
        self.crew.start(
            lambda: sha256_of(task.path, self.stop),
            lambda pending: self.inbox.post(partial(self._hashed, task, pending)),
        )

    def _hashed(self, task: FileTask, pending: Pending[str]) -> Iterator[RunEvent]:
        self._hashing -= 1
        try:
            self._to_decide.append(replace(task, sha256=pending.result()))
        except DocumentError as error:
            yield from self.fail(task, error)

    def _decide(self, task: FileTask) -> Iterator[RunEvent]:
        """Read a file, unless its content is stored or being read already."""
        if task.sha256 in self._parked:
            self._parked[task.sha256].append(task)
            return
        known = task.known
        stored = known is not None and (known.chunks or known.inner_files or not known.error)
        if known is not None and stored and known.sha256 == task.sha256:
            # Touched, or its reading was stopped: what is stored is this very content.
            yield from self._touch(task, known)
        elif not (yield from self._from_twin(task)):
            self._parked[task.sha256] = []
            self._to_read.append(task)

    def _touch(self, task: FileTask, known: Document) -> Iterator[RunEvent]:
        document = self.parts.documents.mark_touched(known.id, task.size_bytes, task.modified_ns)
        yield self.done(outcome_of(document))
        for inner in self.parts.documents.documents_inside(document.id):
            if inner.status in _UNFINISHED:
                self.add(inner_task(task, document, inner))
            else:
                yield self.done(outcome_of(inner))

    def _from_twin(self, task: FileTask) -> Generator[RunEvent, None, bool]:
        """Bring a moved or copied file up to date from what is stored; False where none is."""
        documents, embedder = self.parts.documents, self.parts.index.embedder
        own = task.known.id if task.known else 0
        twins = [one for one in documents.same_content(task.sha256) if one.id != own]
        moved = moved_from(twins, self._collection.id)
        if moved is not None:
            self.writer.begin()
            document = documents.move_document(
                moved.id, task.shown, task.size_bytes, task.modified_ns
            )
            yield self.done(outcome_of(document))
            for inner in documents.documents_inside(document.id):
                yield self.done(outcome_of(inner))
            return True
        if not twins:
            return False
        if not embedder:
            # Whose vectors are stored can only be compared once the embedder has said who it is.
            self._to_decide.append(task)
            return True
        twin = copied_from(twins, documents, embedder)
        if twin is None:
            return False
        self.writer.begin()
        for stored in copy(twin, self._marked(task), task, documents, embedder):
            self.writer.follow(stored)
            yield self.done(_ready(stored.document))
        return True

    def _read(self, task: FileTask) -> Iterator[RunEvent]:
        reader = self._free.pop()
        draft = Draft(task, self._marked(task))
        self._drafts.add(draft)
        passwords = self.parts.passwords()
        self.crew.start(
            lambda: read_file(
                reader,
                task,
                passwords,
                self._room,
                self.stop,
                lambda part: self.inbox.post(partial(self.embed, draft, part)),
            ),
            lambda pending: self.inbox.post(partial(self._have_read, draft, reader, pending)),
        )
        yield self.tally.progress(task.shown)

    def _have_read(
        self, draft: Draft, reader: DocumentReader, pending: Pending[DocumentContent]
    ) -> Iterator[RunEvent]:
        self.give_back(reader)
        try:
            content = pending.result()
            refuse_if_changed(draft.task)
        except DocumentError as error:
            yield from self._fail_draft(draft, error)
            return
        if not draft.dropped:
            yield from self.read(draft, content)

    def _advanced(self, draft: Draft, chunks: int) -> Iterator[RunEvent]:
        self.tally.chunks_made += chunks
        draft.keep_some(self.parts.documents, self.parts.index.embedder)
        yield self.tally.progress(draft.task.shown)
        if draft.complete:
            yield from self._finish(draft)

    def _finish(self, draft: Draft) -> Iterator[RunEvent]:
        """Store a complete draft, and note the files inside it."""
        try:
            finished = finished_of(draft, self.parts)
            stored = yield from self._stored(draft, finished)
        except DocumentError as error:
            self._drafts.discard(draft)
            yield from self._note_failure(draft.document, error)
            self._unpark(draft.task)
            return
        except UnknownDocument:
            self._drafts.discard(draft)
            return  # removed while it was read
        self._drafts.discard(draft)
        if not draft.from_database:
            self.tally.pages_read += draft.page_count
        yield self.done(self._stored_outcome(draft, stored.document))
        inner_tasks = [inner_task(draft.task, stored.document, one) for one in stored.inner]
        for task in inner_tasks:
            self.tally.expect(task.shown, task.size_bytes)
        self._to_read.extendleft(reversed(inner_tasks))
        self._unpark(draft.task)

    def _stored(
        self, draft: Draft, finished: FinishedDocument
    ) -> Generator[RunEvent, None, StoredDocument]:
        """Store a document; while a large one is, the embedder goes on, and a stop is heard."""
        steps = self.writer.saving(draft.document, finished)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                stored: StoredDocument = end.value
                return stored
            self._embedding.fill()
            yield self.tally.progress(draft.task.shown)
            yield from self._look_at_hold()
            while not self.parts.hold.wait(_SLICE_S):
                self._cancel.raise_if_cancelled()
            self._cancel.raise_if_cancelled()

    def _stored_outcome(self, draft: Draft, document: Document) -> FileOutcome:
        outcome = _ready(document)
        recognised_later = self.parts.settings.recognise_text and not draft.from_database
        if outcome.status is DocumentStatus.NEEDS_OCR and recognised_later:
            # Its turn comes in this very run, and what is said then counts.
            return replace(outcome, error="")
        return outcome

    def _fail_draft(self, draft: Draft, error: CarrelError) -> Iterator[RunEvent]:
        self._drafts.discard(draft)
        if not draft.dropped:
            draft.dropped = True
            yield from self._note_failure(draft.document, error)
            self._unpark(draft.task)

    def _note_failure(self, document: Document, error: CarrelError) -> Iterator[RunEvent]:
        outcome = FileOutcome(document.path, status_after(error), self.parts.describe(error))
        self.parts.documents.mark_failed(
            document.id, outcome.status, type(error).__name__, outcome.error
        )
        yield self.done(outcome)

    def _unpark(self, task: FileTask) -> None:
        self._to_decide.extend(self._parked.pop(task.sha256, ()))

    def _marked(self, task: FileTask) -> Document:
        # Committed before the file is opened: whatever happens now, it is known on which file.
        return self.parts.documents.mark_reading(
            self._collection.id, task.shown, task.size_bytes, task.modified_ns
        )


def _ready(document: Document) -> FileOutcome:
    return FileOutcome(
        document.path, document.status, document.error_detail, document.pages, document.chunks
    )
