"""Texts in, vectors out: batches across documents, and the same text never embedded twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import WorkerError
from desktop.indexing.crew import Crew, Inbox, Pending, Room, RunEvent
from desktop.indexing.drafts import Draft, Part, Vector
from desktop.retrieval.index import Index
from desktop.storage.document_store import DocumentStore

# Texts of many documents share a batch. Some batches wait at the embedder, so that it never waits.
_BATCH_TEXTS = 32
_BATCHES_AHEAD = 6
# Beyond those batches: with them some seconds of work, in which most files are read.
_ENOUGH_TEXTS = 128
# As many calls at once as an embedder may have processes; further ones wait their turn there.
EMBEDDING_WORKERS = 4
# Bounds the memory that remembering costs: about 30 MB.
_REMEMBERED = 20_000
# Readers wait while so many characters are to be embedded: minutes of work, a few megabytes.
_WAITING_CHARACTERS = 2_000_000
# One text may take the embedder down; if the next document's does so too, it is not the text.
_WORKER_FAILURES = 2

Place = tuple[Draft, int]
Failed = Callable[[Draft, WorkerError], Iterator[RunEvent]]
Advanced = Callable[[Draft, int], Iterator[RunEvent]]


@dataclass(slots=True)
class _Wanted:
    """A text that has no vector yet, and the chunks that wait for it."""

    text: str
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts by hash on their way through the embedder; `alone` where all are one document's."""

    texts: dict[bytes, str]
    alone: bool = False


class Embedding:
    """Gives drafts their vectors: from this run, from the database, or from the embedder."""

    def __init__(
        self,
        index: Index,
        documents: DocumentStore,
        crew: Crew,
        inbox: Inbox,
        room: Room,
        cancel: CancelToken,
        *,
        advanced: Advanced,
        failed: Failed,
    ) -> None:
        """`advanced` hears of a draft that got vectors, `failed` of one that never will."""
        self._index = index
        self._documents = documents
        self._crew = crew
        self._inbox = inbox
        self._room = room
        self._cancel = cancel
        self._advanced = advanced
        self._failed = failed
        self._wanted: dict[bytes, _Wanted] = {}
        self._queue: deque[bytes] = deque()
        self._again: deque[_Batch] = deque()
        self._known: dict[bytes, Vector] = {}
        self._held: list[tuple[Draft, Part]] = []
        self._characters = 0
        self._running = 0
        self._failures = 0

    @property
    def busy(self) -> bool:
        return bool(self._running or self._queue or self._again or self._held)

    @property
    def short(self) -> bool:
        """Whether fewer texts wait than a file is read in; what is read and waits is lost by a
        kill."""
        return len(self._queue) < _ENOUGH_TEXTS

    def begin(self) -> None:
        """Let the embedder say who it is; until then nothing stored can be compared with it."""
        if not self._index.embedder:
            self._running += 1
            self._crew.start(
                lambda: self._index.embed(["warm"], self._cancel),
                lambda pending: self._inbox.post(partial(self._begun, pending)),
            )

    def _begun(self, pending: Pending[NDArray[np.float32]]) -> Iterator[RunEvent]:
        self._running -= 1
        pending.result()
        held, self._held = self._held, []
        for draft, part in held:
            draft.held_parts -= 1
            yield from self.add(draft, part)

    def add(self, draft: Draft, part: Part) -> Iterator[RunEvent]:
        """Give a part's chunks the vectors that are there, and ask for the others."""
        if not self._index.embedder:
            self._held.append((draft, part))
            draft.held_parts += 1
            return
        places = list(zip(part.hashes, draft.add(part), part.passages, strict=True))
        self._look_up([digest for digest, _, _ in places])
        found = 0
        for digest, ordinal, passage in places:
            vector = self._known.get(digest)
            if vector is not None:
                draft.set_vector(ordinal, vector)
                found += 1
                continue
            wanted = self._wanted.get(digest)
            if wanted is None:
                wanted = self._wanted[digest] = _Wanted(passage.embedded_text)
                self._queue.append(digest)
                self._characters += len(wanted.text)
            wanted.places.append((draft, ordinal))
        self._note_room()
        yield from self._advanced(draft, found)

    def fill(self) -> None:
        """Keep the embedder busy: with full batches where there are, else with what there is."""
        while self._running < _BATCHES_AHEAD:
            if self._again:
                self._start(self._again.popleft())
            elif len(self._queue) >= _BATCH_TEXTS or (self._queue and not self._running):
                count = min(_BATCH_TEXTS, len(self._queue))
                digests = [self._queue.popleft() for _ in range(count)]
                self._start(_Batch({one: self._wanted[one].text for one in digests}))
            else:
                return

    def _look_up(self, digests: Sequence[bytes]) -> None:
        unknown = [one for one in digests if one not in self._known and one not in self._wanted]
        if unknown:
            stored = self._documents.vectors_of_texts(unknown, self._index.embedder)
            for digest, vector in stored.items():
                self._remember(digest, vector)

    def _start(self, batch: _Batch) -> None:
        self._running += 1
        texts = list(batch.texts.values())
        self._crew.start(
            lambda: self._index.embed(texts, self._cancel),
            lambda pending: self._inbox.post(partial(self._take, batch, pending)),
        )

    def _take(self, batch: _Batch, pending: Pending[NDArray[np.float32]]) -> Iterator[RunEvent]:
        self._running -= 1
        try:
            vectors = pending.result()
        except WorkerError as error:
            yield from self._take_failure(batch, error)
            return
        self._failures = 0
        counts: dict[Draft, int] = {}
        for digest, vector in zip(batch.texts, vectors, strict=True):
            self._remember(digest, vector)
            for draft, ordinal in self._let_go(digest):
                draft.set_vector(ordinal, vector)
                counts[draft] = counts.get(draft, 0) + 1
        self._note_room()
        for draft, count in counts.items():
            yield from self._advanced(draft, count)

    def _take_failure(self, batch: _Batch, error: WorkerError) -> Iterator[RunEvent]:
        if not batch.alone:
            # Whose text it was shows when each document goes through on its own.
            self._again.extend(_by_document(batch, self._wanted))
            return
        self._failures += 1
        if self._failures == _WORKER_FAILURES:
            raise error
        drafts = {draft for digest in batch.texts for draft, _ in self._let_go(digest)}
        self._note_room()
        for draft in drafts:
            yield from self._failed(draft, error)

    def _let_go(self, digest: bytes) -> list[Place]:
        wanted = self._wanted.pop(digest, None)
        if wanted is None:
            return []
        self._characters -= len(wanted.text)
        return [place for place in wanted.places if not place[0].dropped]

    def _note_room(self) -> None:
        self._room.set(self._characters < _WAITING_CHARACTERS)

    def _remember(self, digest: bytes, vector: Vector) -> None:
        if len(self._known) >= _REMEMBERED:
            # The oldest goes: copies of a text mostly lie near each other.
            del self._known[next(iter(self._known))]
        self._known[digest] = vector


def _by_document(batch: _Batch, wanted: dict[bytes, _Wanted]) -> Iterator[_Batch]:
    groups: dict[Draft, dict[bytes, str]] = {}
    for digest, text in batch.texts.items():
        for draft, _ in wanted[digest].places[:1]:
            groups.setdefault(draft, {})[digest] = text
    for texts in groups.values():
        yield _Batch(texts, alone=True)
