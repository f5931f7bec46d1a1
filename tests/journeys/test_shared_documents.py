"""A folder of every shared document indexes in one go, each file with its right status.

With an embedder without a model: how a file stands has nothing to do with its vectors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.documents import DocumentStatus, FileOutcome, IndexReport
from desktop.retrieval.vector_index import VectorIndex
from tests.support.chroma_desk import ChromaDesk
from tests.support.shared_data import shared_data

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

READY, OCR = DocumentStatus.READY, DocumentStatus.NEEDS_OCR
PASSWORD, FAILED = DocumentStatus.NEEDS_PASSWORD, DocumentStatus.FAILED
# What may become of a file that behaves so, where nobody has given a password.
ALLOWED = {
    "text": {READY},
    "password_needed": {PASSWORD},
    "encrypted": {PASSWORD, FAILED},
    # Recognised, or named as having no text; an empty page is told from a picture of one.
    "no_text": {READY, OCR, FAILED},
    "garbled": {READY, OCR},
}


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared_data("documents")


@pytest.fixture(scope="module")
def manifest(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return entries


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaDesk]:
    opened = ChromaDesk.open(tmp_path_factory.mktemp("data"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(desk: ChromaDesk, folder: Path) -> IndexReport:
    return desk.run(folder)


@pytest.fixture(scope="module")
def rows(report: IndexReport, folder: Path) -> dict[str, FileOutcome]:
    return {os.path.relpath(file.path, folder): file for file in report.files}


def test_every_file_stands_as_it_should(
    rows: dict[str, FileOutcome], manifest: list[dict[str, Any]]
) -> None:
    wrong = {
        entry["path"]: (rows[entry["path"]].status.value, rows[entry["path"]].error)
        for entry in manifest
        if rows[entry["path"]].status not in ALLOWED[entry["behaviour"]]
    }
    assert wrong == {}


def test_pictures_of_text_are_recognised(
    rows: dict[str, FileOutcome], manifest: list[dict[str, Any]]
) -> None:
    expected = [entry["path"] for entry in manifest if entry.get("ocr_expected")]
    assert expected
    assert {name: rows[name].status for name in expected} == dict.fromkeys(expected, READY)
    assert all(rows[name].chunks for name in expected)


def test_attachments_are_rows_of_their_own(
    rows: dict[str, FileOutcome], manifest: list[dict[str, Any]], desk: ChromaDesk
) -> None:
    for entry in manifest:
        for name in entry.get("attachments") or ():
            inner = [path for path in rows if path.startswith(f"{entry['path']}/")]
            # The text of a forwarded mail is its mail's; its own attachments lie below its name.
            assert any(f"/{name}" in path for path in inner), (entry["path"], inner)
    parents = {one.id for one in desk.store.documents(desk.collection.id)}
    assert all(
        one.parent_id is None or one.parent_id in parents
        for one in desk.store.documents(desk.collection.id)
    )


def test_what_is_stored_is_whole_and_finds_itself(
    desk: ChromaDesk, report: IndexReport, rows: dict[str, FileOutcome]
) -> None:
    assert desk.database.problems() == []
    assert VectorIndex(desk.store, desk.index.vectors).settle(thorough=True)
    assert not [file for file in report.files if file.error == "NotFindable"]
    documents = desk.store.documents(desk.collection.id)
    assert sum(one.chunks for one in documents) == len(desk.store.chunk_ids(desk.collection.id))
    assert len(documents) == len(rows)


def test_passwords_open_what_asked_for_them_and_nothing_else_is_read_again(
    desk: ChromaDesk, folder: Path, report: IndexReport, manifest: list[dict[str, Any]]
) -> None:
    before = {one.path: one.indexed_at for one in desk.store.documents(desk.collection.id)}
    given = sorted({entry["password"] for entry in manifest if entry.get("password")})
    again = desk.run(folder, passwords=given)
    rows = {os.path.relpath(file.path, folder): file.status for file in again.files}
    asked = [entry["path"] for entry in manifest if entry["behaviour"] == "password_needed"]
    assert {name: rows[name] for name in asked} == dict.fromkeys(asked, READY)
    ready = {file.path for file in report.files if file.status is READY}
    for one in desk.store.documents(desk.collection.id):
        if one.path in ready:
            assert one.indexed_at == before[one.path]
