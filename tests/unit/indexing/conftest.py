"""A library on a real database with a real reader and an index in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.documents.reader import DocumentReader
from desktop.domain.settings import DocumentSettings
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.unit.indexing.desk import Desk


@pytest.fixture(scope="session")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings())
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path: Path, reader: DocumentReader) -> Iterator[Desk]:
    database = Database.open(tmp_path / "data" / "carrel.db")
    folder = tmp_path / "files"
    folder.mkdir()
    yield Desk(DocumentStore(database), reader, folder, database)
    database.close()
