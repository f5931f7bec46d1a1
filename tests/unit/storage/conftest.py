"""A fresh database for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "data" / "carrel.db")
    yield opened
    assert opened.problems() == []
    opened.close()


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    return DocumentStore(database)
