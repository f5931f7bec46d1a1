"""Folders become searchable, file by file, and nothing is done twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    Chunk,
    DocumentIndexed,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
    IndexStage,
)
from desktop.domain.errors import ReaderDied, WorkerDied
from desktop.domain.retrieval import SearchMode
from desktop.domain.settings import DocumentSettings
from desktop.indexing.pipeline import IndexingEvent
from desktop.indexing.removal import remove_collection, remove_document
from desktop.retrieval.retriever import Retriever
from tests.support.fake_embedder import MemoryIndex
from tests.unit.indexing.desk import Desk, statuses

LEASE = "# Lease\n\nThe monthly rent of the flat is 900 euros.\n"
POLICY = "# Leave\n\nFive days of annual leave may be carried over until March.\n"
LONG = "# Minutes\n\n" + "\n\n".join(
    f"Point {at}: the board agreed that room {at} gets a new carpet. " * 6 for at in range(150)
)


def _stop_after(
    events: Iterator[IndexingEvent],
    cancel: CancelToken,
    enough: Callable[[IndexingEvent], bool],
) -> IndexReport:
    last: object = None
    for event in events:
        last = event
        if enough(event):
            cancel.cancel()
    assert isinstance(last, IndexReport)
    return last


def test_a_folder_becomes_searchable(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    report = desk.run()
    assert statuses(report) == {
        "lease.md": DocumentStatus.READY,
        "policy.md": DocumentStatus.READY,
    }
    assert report.counts == {"ready": 2}
    assert not report.stopped
    assert report.pages_read == 2
    assert desk.found("monthly rent of the flat")[0] == "lease.md"
    assert desk.found("annual leave")[0] == "policy.md"


def test_after_a_run_the_vector_index_is_whole_and_trusted(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.write("long.md", LONG)
    desk.run()
    generation = desk.store.index_generation()
    assert not desk.store.is_dirty()
    assert desk.index.vectors.verified == generation
    kept = desk.index.vectors.kept[(generation, desk.collection.id)]
    assert sorted(kept) == desk.store.chunk_ids(desk.collection.id)


def test_events_end_with_the_report_and_tell_of_every_file(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    events = list(desk.events())
    assert isinstance(events[-1], IndexReport)
    done = [event.outcome for event in events if isinstance(event, DocumentIndexed)]
    assert tuple(done) == events[-1].files
    progress = [event for event in events if isinstance(event, IndexProgress)]
    stages = [event.stage for event in progress]
    assert stages[0] is IndexStage.SCANNING
    assert IndexStage.READING in stages
    assert stages[-1] is IndexStage.SETTLING
    assert progress[1].files_total == 2
    assert progress[1].seconds_left is None
    assert progress[-1].seconds_left is not None
    assert [event.files_done for event in progress] == sorted(
        event.files_done for event in progress
    )


def test_unchanged_files_are_not_read_again(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    first = desk.run()
    desk.index.embedded.clear()
    second = desk.run()
    assert second.counts == {"unchanged": 1}
    assert desk.index.embedded == []
    assert (second.files[0].pages, second.files[0].chunks) == (
        first.files[0].pages,
        first.files[0].chunks,
    )


def test_a_touched_file_is_known_by_its_content(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.run()
    os.utime(path, ns=(1, 1))
    desk.index.embedded.clear()
    assert desk.run().counts == {"unchanged": 1}
    assert desk.index.embedded == []
    document = desk.store.document_at(desk.collection.id, str(path))
    assert document is not None
    assert document.modified_ns == 1


def test_a_changed_file_replaces_what_was_stored(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.run()
    path.write_text("# Lease\n\nThe deposit is two thousand euros.\n")
    assert desk.run().counts == {"ready": 1}
    texts = [chunk.text for chunk in _chunks(desk)]
    assert any("deposit" in text for text in texts)
    assert not any("monthly rent" in text for text in texts)
    kept = desk.index.vectors.kept[(desk.store.index_generation(), desk.collection.id)]
    assert sorted(kept) == desk.store.chunk_ids(desk.collection.id)


def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(desk: Desk) -> None:
    desk.write("empty.md", "")
    desk.write("lease.md", LEASE)
    (desk.folder / "noise.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    report = desk.run(desk.folder, desk.folder / "gone.md")
    assert statuses(report) == {
        "empty.md": DocumentStatus.FAILED,
        "gone.md": DocumentStatus.FAILED,
        "lease.md": DocumentStatus.READY,
        "noise.pdf": DocumentStatus.FAILED,
    }
    errors = {Path(file.path).name: file.error for file in report.files}
    assert errors["empty.md"] == "It failed with EmptyFile."
    assert errors["gone.md"] == "It failed with FileMissing."
    assert errors["noise.pdf"]
    document = desk.store.document_at(desk.collection.id, str(desk.folder / "empty.md"))
    assert document is not None
    assert (document.error, document.error_detail) == ("EmptyFile", "It failed with EmptyFile.")


def test_a_file_larger_than_the_setting_is_not_read(desk: Desk, tmp_path: Path) -> None:
    small = DocumentReader(DocumentSettings(max_file_mb=1))
    desk.reader = small
    desk.write("big.txt", "word " * 300_000)
    [outcome] = desk.run().files
    small.close()
    assert outcome.error == "It failed with FileTooLarge."


@pytest.mark.skipif(sys.platform != "linux", reason="names are not bytes on this system")
def test_names_that_are_no_text_or_very_long_are_indexed(desk: Desk) -> None:
    raw = os.fsdecode(os.path.join(os.fsencode(desk.folder), b"caf\xe9 'x' \".md"))
    Path(raw).write_text(LEASE)
    desk.write("\U0001f4c4 " + "y" * 245 + ".md", POLICY)
    report = desk.run()
    assert report.counts == {"ready": 2}
    assert raw in {file.path for file in report.files}
    assert desk.run().counts == {"unchanged": 2}


def test_a_stopped_run_reports_and_the_next_one_goes_on(desk: Desk) -> None:
    for at in range(12):
        desk.write(f"{at:02}.md", LEASE + f"\nCopy {at}.\n")
    cancel = CancelToken()
    report = _stop_after(
        desk.events(cancel=cancel),
        cancel,
        lambda event: isinstance(event, IndexProgress) and event.files_done == 2,
    )
    assert report.stopped
    done = report.counts["ready"]
    assert 2 <= done < 12
    assert not desk.store.is_dirty()
    assert desk.store.interrupted() == []
    desk.index.embedded.clear()
    assert desk.run().counts == {"unchanged": done, "ready": 12 - done}
    assert len(desk.store.chunk_ids(desk.collection.id)) == 12


def test_a_run_stops_between_the_batches_of_one_long_file(desk: Desk) -> None:
    path = desk.write("long.md", LONG)
    cancel = CancelToken()
    report = _stop_after(
        desk.events(cancel=cancel),
        cancel,
        lambda event: isinstance(event, IndexProgress) and event.chunks_done > 0,
    )
    assert report.stopped
    assert report.files == ()
    document = desk.store.document_at(desk.collection.id, str(path))
    assert document is not None
    assert document.status is DocumentStatus.WAITING
    assert desk.run().counts == {"ready": 1}


def test_while_a_file_is_read_anew_its_old_version_is_found(desk: Desk) -> None:
    path = desk.write("long.md", LONG + "\n\nThe heron nests here.\n")
    desk.run()
    path.write_text(LONG + "\n\nThe stork nests here.\n")
    seen: list[bool] = []
    for event in desk.events():
        if isinstance(event, IndexProgress) and event.stage is not IndexStage.SETTLING:
            seen.append(_says(desk, "heron"))
    assert len(seen) > 3
    assert all(seen)
    assert not _says(desk, "heron")
    assert _says(desk, "stork")


def test_the_same_text_is_embedded_once(desk: Desk) -> None:
    desk.write("a.md", LEASE)
    desk.write("b.md", LEASE)
    assert desk.run().counts == {"ready": 2}
    assert len(desk.index.embedded) == len(set(desk.index.embedded))


def test_what_a_kill_left_being_read_is_read_again(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    status = path.stat()
    desk.store.mark_reading(desk.collection.id, str(path), status.st_size, status.st_mtime_ns)
    assert desk.run().counts == {"ready": 1}


def test_a_file_that_took_the_reader_down_is_opened_again_only_by_name(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    status = path.stat()
    document = desk.store.mark_reading(
        desk.collection.id, str(path), status.st_size, status.st_mtime_ns
    )
    desk.store.mark_failed(
        document.id, DocumentStatus.FAILED, ReaderDied.__name__, "It took the reader down."
    )
    [outcome] = desk.run().files
    assert outcome == FileOutcome(str(path), DocumentStatus.FAILED, "It took the reader down.")
    assert desk.run(path).counts == {"ready": 1}


def test_a_dying_vector_index_fails_no_file(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.index.vectors.broken = True
    assert desk.run().counts == {"ready": 1}
    assert desk.store.is_dirty()
    assert desk.found("monthly rent")[0] == "lease.md"
    desk.index.vectors.broken = False
    assert desk.run().counts == {"unchanged": 1}
    assert not desk.store.is_dirty()


class DyingIndex(MemoryIndex):
    """Its embedder dies whenever it meets a certain word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        if any(self.word in text for text in texts):
            raise WorkerDied("index", "signal 11")
        return super().embed(texts, cancel)


def test_a_text_that_takes_the_embedder_down_fails_its_file_alone(desk: Desk) -> None:
    desk.index = DyingIndex("boiler")
    desk.write("a.md", "The boiler is old.\n")
    desk.write("b.md", LEASE)
    assert statuses(desk.run()) == {"a.md": DocumentStatus.FAILED, "b.md": DocumentStatus.READY}


def test_an_embedder_that_is_gone_ends_the_run(desk: Desk) -> None:
    desk.index = DyingIndex("e")
    desk.write("a.md", LEASE)
    desk.write("b.md", POLICY)
    desk.write("c.md", "Another letter.\n")
    with pytest.raises(WorkerDied):
        desk.run()


def test_a_removed_document_is_gone_from_every_answer(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    desk.run()
    document = desk.store.document_at(desk.collection.id, str(path))
    assert document is not None
    remove_document(desk.store, desk.index, document.id, CancelToken())
    assert "lease.md" not in desk.found("monthly rent of the flat")
    ids = set(desk.store.chunk_ids(desk.collection.id))
    assert all(set(rows) <= ids for rows in desk.index.vectors.kept.values())


def test_a_removed_collection_leaves_no_vector(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.run()
    remove_collection(desk.store, desk.index, desk.collection.id, CancelToken())
    assert all(not rows for rows in desk.index.vectors.kept.values())
    assert desk.store.collections() == []


def _chunks(desk: Desk) -> list[Chunk]:
    return list(desk.store.chunks(desk.store.chunk_ids(desk.collection.id)).values())


def _says(desk: Desk, word: str) -> bool:
    found = Retriever(desk.store, desk.index).retrieve(
        desk.collection.id, word, 1, SearchMode.KEYWORD
    )
    return any(word in hit.chunk.text for hit in found.hits)
