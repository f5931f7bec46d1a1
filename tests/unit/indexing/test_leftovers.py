"""What a kill left is put right at the next start."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.documents import DocumentStatus
from desktop.indexing.leftovers import put_back_interrupted
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore


def test_a_file_that_was_being_read_waits_again_and_others_stay_as_they_are(
    tmp_path: Path,
) -> None:
    killed = Database.open(tmp_path / "carrel.db")
    before = DocumentStore(killed)
    collection = before.create_collection("Office")
    failed = before.mark_reading(collection.id, "/damaged.pdf", 10, 1)
    failed = before.mark_failed(failed.id, DocumentStatus.FAILED, "DamagedFile", "It is cut.")
    before.mark_reading(collection.id, "/lease.pdf", 20, 2)
    killed.close()

    started = Database.open(tmp_path / "carrel.db")
    after = DocumentStore(started)
    put_back_interrupted(after)
    left = after.document_at(collection.id, "/lease.pdf")
    assert left is not None
    assert left.status is DocumentStatus.WAITING
    assert after.document(failed.id) == failed
    assert after.interrupted() == []
    started.close()
