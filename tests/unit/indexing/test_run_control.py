"""Pausing, stopping in the middle of a long file, leaving files alone, and never twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    DocumentIndexed,
    DocumentStatus,
    IndexProgress,
    IndexReport,
)
from desktop.domain.errors import Cancelled, Skipped
from desktop.indexing.crew import Room
from desktop.indexing.drafts import KEPT_IN_MEMORY, FileTask, Part
from desktop.indexing.pipeline import IndexingEvent
from desktop.indexing.proof import not_found
from desktop.indexing.reading import read_file
from desktop.retrieval.vector_index import VectorIndex
from tests.support.fake_embedder import MemoryIndex
from tests.unit.indexing.desk import Desk, statuses

LEASE = "# Lease\n\nThe monthly rent of the flat is 900 euros.\n"


def _long(chapters: int) -> str:
    return "\n\n".join(
        f"# Room {at}\n\nRoom {at} has carpet number {at * 7} and a lamp of type {at * 3}."
        for at in range(chapters)
    )


def _last(events: Iterator[IndexingEvent]) -> IndexReport:
    *_, report = events
    assert isinstance(report, IndexReport)
    return report


def test_a_paused_run_does_nothing_until_it_goes_on(desk: Desk) -> None:
    for at in range(4):
        desk.write(f"{at}.md", f"{LEASE}\nCopy {at}.\n")
    events = desk.events()
    desk.hold.pause()
    for event in events:
        if isinstance(event, IndexProgress) and event.paused:
            break
    waking = threading.Event()
    desk_index = list(desk.index.embedded)

    def resume() -> None:
        waking.wait(0.3)
        assert desk.index.embedded == desk_index
        desk.hold.resume()

    thread = threading.Thread(target=resume)
    thread.start()
    report = _last(events)
    thread.join()
    assert report.counts == {"ready": 4}


def test_a_paused_run_can_be_stopped(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.hold.pause()
    cancel = CancelToken()
    report: object = None
    for report in desk.events(cancel=cancel):
        if isinstance(report, IndexProgress) and report.paused:
            cancel.cancel()
    assert isinstance(report, IndexReport)
    assert report.stopped
    desk.hold.resume()
    assert desk.run().counts == {"ready": 1}


def test_a_long_file_that_was_stopped_goes_on_where_its_embedding_was(desk: Desk) -> None:
    chapters = 2 * KEPT_IN_MEMORY
    path = desk.write("long.md", _long(chapters))
    cancel = CancelToken()
    for event in desk.events(cancel=cancel):
        if isinstance(event, IndexProgress) and event.chunks_done > KEPT_IN_MEMORY + 300:
            cancel.cancel()
    assert desk.document(path).status is DocumentStatus.WAITING
    desk.index.embedded.clear()
    assert desk.run().counts == {"ready": 1}
    chunks = desk.document(path).chunks
    assert chunks >= chapters
    assert len(desk.index.embedded) < chunks - KEPT_IN_MEMORY + 256
    found = desk.store.vectors_of(desk.store.chunk_ids(desk.collection.id))
    assert len(found) == chunks
    assert list(desk.store.kept_vectors(desk.document(path).id, 0)) == []


def test_a_reader_is_let_go_of_when_it_is_stopped_while_it_waits(desk: Desk) -> None:
    path = desk.write("long.md", _long(20_000))
    reader, cancel, room = DocumentReader(desk.settings), CancelToken(), Room(desk.hold)

    def take(_: Part) -> None:
        # The next part finds no room, and waits for it until the run is stopped.
        room.set(False)
        threading.Timer(3, cancel.cancel).start()

    task = FileTask(path, str(path), 0, 0)
    with pytest.raises(Cancelled) as stopped:
        read_file(reader, task, (), room, cancel, take)
    # The exception is still at hand, as it is on its way to the pipeline.
    assert stopped.traceback
    closing = threading.Thread(target=reader.close, daemon=True)
    closing.start()
    closing.join(5)
    assert not closing.is_alive(), "the reader is still locked"


def test_a_text_that_is_stored_anywhere_is_not_embedded_again(desk: Desk) -> None:
    desk.write("a.md", _long(20))
    desk.run()
    desk.index.embedded.clear()
    other = desk.store.create_collection("Other")
    desk.write("b.md", _long(21).replace("# Room 0\n", "# Hall\n"))
    assert desk.run(desk.folder / "b.md").counts == {"ready": 1}
    assert other.name == "Other"
    # The changed chapter and the added one; the title is the first heading of both.
    assert 0 < len(desk.index.embedded) <= 21


class SlowToStart(MemoryIndex):
    """Says who it is only after its first text, as one does that has to be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    @property
    def embedder(self) -> str:
        return super().embedder if self.asked.is_set() else ""

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        if not self.asked.is_set():
            time.sleep(2)
            self.asked.set()
        return super().embed(texts, cancel)


def test_what_is_read_before_the_embedder_is_there_waits_for_it(desk: Desk) -> None:
    desk.index = SlowToStart()
    for at in range(3):
        desk.write(f"{at}.md", f"{LEASE}\nCopy {at}.\n")
    outcomes = [
        event.outcome.status for event in desk.events() if isinstance(event, DocumentIndexed)
    ]
    assert outcomes == [DocumentStatus.READY] * 3
    assert all(one.chunks for one in desk.store.documents(desk.collection.id))


def test_a_skipped_file_is_left_alone_until_it_changes_or_is_asked_for(desk: Desk) -> None:
    path = desk.write("lease.md", "")
    desk.follow()
    desk.store.mark_failed(
        desk.document(path).id, DocumentStatus.FAILED, Skipped.__name__, "Skipped."
    )
    assert [file.error for file in desk.look(asked=True).files] == ["Skipped."]
    assert statuses(desk.read_again(path)) == {"lease.md": DocumentStatus.FAILED}
    assert desk.document(path).error == "EmptyFile"
    desk.store.mark_failed(
        desk.document(path).id, DocumentStatus.FAILED, Skipped.__name__, "Skipped."
    )
    path.write_text(LEASE)
    assert desk.look().counts == {"ready": 1}


@pytest.mark.parametrize("lost", ["words", "vectors"])
def test_a_document_that_does_not_find_itself_is_found_out(desk: Desk, lost: str) -> None:
    path = desk.write("lease.md", LEASE)
    desk.write("policy.md", "# Leave\n\nFive days may be carried over until March.\n")
    desk.run()
    document = desk.document(path)
    index = VectorIndex(desk.store, desk.index.vectors)
    both = [document.id, desk.document(desk.folder / "policy.md").id]
    assert not_found(both, desk.store, index, CancelToken()) == []
    [chunk] = desk.store.chunks_of_document(document.id)
    if lost == "words":
        desk.database.execute(
            f"DELETE FROM words_{desk.collection.id} WHERE rowid = ?", (chunk.id,)
        )
    else:
        desk.database.execute("DELETE FROM vector_runs WHERE document_id = ?", (document.id,))
    assert not_found(both, desk.store, index, CancelToken()) == [document.id]
    if lost == "words":
        desk.store.add_words_again([document.id])
        assert not_found(both, desk.store, index, CancelToken()) == []
