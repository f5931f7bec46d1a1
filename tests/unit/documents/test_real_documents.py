"""The evaluation documents: expected words on the expected pages, honest errors elsewhere."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent
from desktop.domain.errors import (
    DocumentError,
    EmptyFile,
    PasswordNeeded,
)
from desktop.domain.settings import DocumentSettings
from tests.support.shared_data import shared_data

MARKED_UP = frozenset({"md", "csv", "json"})
# Two expected texts leave an inline formula out that the page shows, and one stands in a
# comment that no browser shows.
LEAST_SHARE = 0.98


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings(page_time_limit_s=60))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    manifest = shared_data("documents", "manifest.json")
    listed: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))
    return listed


def read(reader: DocumentReader, row: dict[str, Any], *passwords: str) -> DocumentContent:
    path = shared_data("documents", row["path"])
    return reader.read(path, CancelToken(), passwords=passwords)


def test_expected_words_are_found_on_their_pages(
    reader: DocumentReader, rows: list[dict[str, Any]]
) -> None:
    found, missed = 0, []
    for row in rows:
        if not row["expected"]:
            continue
        content = read(reader, row, "wrong", row.get("password", ""))
        wanted_pages = row.get("pages", row.get("slides"))
        assert (
            wanted_pages is None
            or len(content.pages) == wanted_pages
            or (not content.unit.numbered)
        ), row["path"]
        for expected in row["expected"] + row.get("form_values", []):
            if stands(expected, content, row["format"] in MARKED_UP):
                found += 1
            else:
                missed.append((row["path"], expected["text"]))
    share = found / (found + len(missed))
    print(
        f"\nexpected texts found: {found} of {found + len(missed)} ({share:.1%}); missed {missed}"
    )
    assert found > 250
    assert share >= LEAST_SHARE


def test_encrypted_documents_ask_for_their_password_and_take_no_other(
    reader: DocumentReader, rows: list[dict[str, Any]]
) -> None:
    locked = [row for row in rows if row.get("password")]
    assert len(locked) == 8
    for row in locked:
        for passwords in ((), ("wrong",)):
            with pytest.raises(PasswordNeeded):
                read(reader, row, *passwords)


def test_documents_without_readable_text_name_the_pages_to_recognise(
    reader: DocumentReader, rows: list[dict[str, Any]]
) -> None:
    pictures = [row for row in rows if row["behaviour"] in ("no_text", "garbled")]
    assert len(pictures) == 10
    for row in pictures:
        try:
            content = read(reader, row)
        except EmptyFile:
            assert row["behaviour"] == "no_text" and not row.get("ocr_expected"), row["path"]
        else:
            assert len(content.picture_pages) == len(content.pages) > 0, row["path"]


def test_attachments_are_inner_files_that_can_be_read(
    reader: DocumentReader, rows: list[dict[str, Any]]
) -> None:
    holding = [row for row in rows if row.get("attachments")]
    assert len(holding) == 5
    for row in holding:
        names = [inner.name for inner in read(reader, row).inner_files]
        # A message within a message is read with it, and names the folder of its attachments.
        assert {part for name in names for part in name.split("/")} == set(row["attachments"])
        for name in names:
            outcome = outcome_of(reader, row, name)
            read_well = isinstance(outcome, DocumentContent)
            assert read_well != ("broken" in name), (row["path"], name, outcome)


def outcome_of(
    reader: DocumentReader, row: dict[str, Any], inside: str
) -> DocumentContent | DocumentError:
    path = shared_data("documents", row["path"])
    try:
        return reader.read(path, CancelToken(), inside=(inside,))
    except DocumentError as error:
        return error


def stands(expected: dict[str, Any], content: DocumentContent, without_marks: bool) -> bool:
    pages = content.pages
    if content.unit.numbered and expected.get("page"):
        pages = pages[expected["page"] - 1 : expected["page"]]
    text = " ".join(page.text for page in pages)
    return compared(expected["text"], without_marks) in compared(text, without_marks)


def compared(text: str, without_marks: bool) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub(
        r"[\W_]+" if without_marks else r"\s+", "" if without_marks else " ", text
    ).strip()
