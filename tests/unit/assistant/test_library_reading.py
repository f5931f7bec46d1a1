"""What a face asks of the library while files are read, on real lanes and a real reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from desktop.assistant.lanes import Jobs, Lane
from desktop.assistant.library import Library, LibraryParts
from desktop.assistant.stores import Stores
from desktop.assistant.waiting import EventQueue
from desktop.domain.documents import (
    Document,
    DocumentIndexed,
    DocumentStatus,
    IndexProgress,
    IndexReport,
)
from desktop.domain.settings import Settings
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.retriever import Retriever
from desktop.storage.locations import Locations
from tests.support.fake_embedder import MemoryIndex
from tests.unit.documents.made_files import encrypted, write_pdf

LEASE = "# Lease\n\nThe monthly rent of the flat is 900 euros.\n"


@dataclass(frozen=True)
class Desk:
    library: Library
    events: EventQueue
    folder: Path

    def report(self, job: object) -> IndexReport:
        found = self.events.result(job)  # type: ignore[arg-type]
        assert isinstance(found, IndexReport)
        return found

    def documents(self) -> list[Document]:
        return self.library.documents(self.library.collection("Office").id)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    events = EventQueue()
    jobs = Jobs(events.post)
    locations = Locations.of(tmp_path / "data")
    reads, indexing = Stores.open(locations), Stores.open(locations)
    lane = Lane("indexing", jobs)
    # Nothing is answered here, so one lane and one pair of stores serve for all.
    index = cast(IndexWorker, MemoryIndex())
    parts = LibraryParts(
        reads=reads,
        indexing_lane=lane,
        indexing_stores=indexing,
        answers_lane=lane,
        answers_stores=indexing,
        retriever=Retriever(indexing.documents, index),
        errands_lane=lane,
        index=index,
        settings=Settings,
    )
    folder = tmp_path / "files"
    folder.mkdir()
    yield Desk(Library(parts), events, folder)
    jobs.cancel_all()
    lane.close()
    for stores in (reads, indexing):
        stores.close()


def test_a_folder_is_followed_and_looked_through_again(desk: Desk) -> None:
    (desk.folder / "lease.md").write_text(LEASE)
    assert desk.report(desk.library.index([desk.folder], "Office")).counts == {"ready": 1}
    collection = desk.library.collection("Office")
    assert [one.path for one in desk.library.folders(collection.id)] == [str(desk.folder)]
    (desk.folder / "note.md").write_text("The boiler was replaced in May.\n")
    assert desk.report(desk.library.rescan(collection.id)).counts == {"unchanged": 1, "ready": 1}
    job = desk.library.rescan_all()
    bodies = list(desk.events.bodies(job))
    assert not [body for body in bodies if isinstance(body, DocumentIndexed | IndexProgress)]


def test_patterns_of_a_folder_can_be_changed_and_a_folder_forgotten(desk: Desk) -> None:
    (desk.folder / "lease.md").write_text(LEASE)
    (desk.folder / "note.txt").write_text("The boiler was replaced in May.\n")
    desk.report(desk.library.index([desk.folder], "Office", include=["*.md"]))
    collection = desk.library.collection("Office")
    [folder] = desk.library.folders(collection.id)
    assert (folder.include, len(desk.documents())) == (("*.md",), 1)
    desk.library.change_folder(type(folder)(folder.id, collection.id, folder.path))
    desk.report(desk.library.rescan(collection.id))
    assert len(desk.documents()) == 2
    removed = desk.report(desk.library.forget_folder(folder.id)).removed
    assert len(removed) == 2
    assert desk.documents() == []
    assert desk.library.folders(collection.id) == []


def test_a_password_is_asked_for_again_until_it_is_right_and_written_nowhere(
    desk: Desk, tmp_path: Path
) -> None:
    plain = write_pdf(desk.folder / "secret.pdf", [[(72.0, 700.0, 12.0, "The code is 4711.")]])
    encrypted(plain, "open-sesame", "owner")
    assert desk.report(desk.library.index([desk.folder], "Office")).counts == {"needs_password": 1}
    [document] = desk.documents()
    for word, status in (("wrong-word", "needs_password"), ("open-sesame", "ready")):
        assert desk.report(desk.library.unlock(document.id, word)).counts == {status: 1}
    assert "open-sesame" not in repr(vars(desk.library))
    kept = b"".join(one.read_bytes() for one in (tmp_path / "data").rglob("*") if one.is_file())
    assert b"open-sesame" not in kept
    assert b"wrong-word" not in kept


def test_a_skipped_file_says_so_and_can_be_retried(desk: Desk) -> None:
    path = desk.folder / "lease.md"
    path.write_text("")
    desk.report(desk.library.index([desk.folder], "Office"))
    [document] = desk.documents()
    skipped = desk.events.result(desk.library.skip(document.id))
    assert isinstance(skipped, Document)
    assert (skipped.status, skipped.error) == (DocumentStatus.FAILED, "Skipped")
    desk.report(desk.library.index([desk.folder], "Office"))
    assert desk.documents()[0].error == "Skipped"
    desk.report(desk.library.retry(document.id))
    assert desk.documents()[0].error == "EmptyFile"


def test_reading_waits_while_it_is_paused(desk: Desk) -> None:
    (desk.folder / "lease.md").write_text(LEASE)
    desk.library.pause()
    job = desk.library.index([desk.folder], "Office")
    for body in desk.events.bodies(job):
        if isinstance(body, IndexProgress) and body.paused:
            break
    assert all(one.status is not DocumentStatus.READY for one in desk.documents())
    desk.library.resume()
    assert desk.report(job).counts == {"ready": 1}


def test_a_removed_document_stays_away_though_its_folder_is_followed(desk: Desk) -> None:
    (desk.folder / "lease.md").write_text(LEASE)
    desk.report(desk.library.index([desk.folder], "Office"))
    [document] = desk.documents()
    desk.events.result(desk.library.remove_document(document.id))
    collection = desk.library.collection("Office")
    assert desk.report(desk.library.rescan(collection.id)).files == ()
    assert desk.documents() == []


def test_removing_many_passes_over_one_that_has_gone_meanwhile(desk: Desk) -> None:
    for name in ("lease.md", "terms.md", "keys.md"):
        (desk.folder / name).write_text(LEASE + name, encoding="utf-8")
    desk.report(desk.library.index([desk.folder], "Office"))
    first, *others = desk.documents()
    desk.events.result(desk.library.remove_document(first.id))
    chosen = [first.id, *(each.id for each in others[1:])]
    desk.events.result(desk.library.remove_documents(chosen))
    assert desk.documents() == others[:1]
    again = desk.report(desk.library.rescan(others[0].collection_id))
    assert [file.path for file in again.files] == [others[0].path]
