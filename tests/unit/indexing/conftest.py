"""A library on a real database with a real reader and an index in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.settings import DocumentSettings
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.unit.indexing.desk import Desk


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentReader]:
    """Its process is started here: it would end with a run's worker that had started it."""
    opened = DocumentReader(DocumentSettings())
    note = tmp_path_factory.mktemp("first") / "note.txt"
    note.write_text("A note.")
    opened.read(note, CancelToken())
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path: Path, reader: DocumentReader) -> Iterator[Desk]:
    database = Database.open(tmp_path / "data" / "carrel.db")
    folder = tmp_path / "files"
    folder.mkdir()
    opened = Desk(DocumentStore(database), reader, folder, database)
    yield opened
    opened.crews.close()
    database.close()
