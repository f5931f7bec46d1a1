"""The evaluation documents: expected words on the expected pages, honest errors elsewhere."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent
from desktop.domain.errors import (
    DocumentError,
    EmptyFile,
    NeedsTextRecognition,
    PasswordNeeded,
)
from desktop.domain.settings import DocumentSettings
from tests.support.shared_data import shared_data

READ = frozenset({"pdf", "docx", "md", "html", "txt", "csv", "json", "xml", "org"})
MARKED_UP = frozenset({"md", "csv", "json"})
REFUSALS: dict[str, tuple[type[DocumentError], ...]] = {
    "password_needed": (PasswordNeeded,),
    "encrypted": (PasswordNeeded,),
    "no_text": (NeedsTextRecognition, EmptyFile),
    "garbled": (NeedsTextRecognition,),
}
# Two expected texts leave an inline formula out that the page shows, and one stands in a
# comment that no browser shows.
LEAST_SHARE = 0.98


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings(page_time_limit_s=60))
    yield opened
    opened.close()


def test_expected_words_are_found_on_their_pages(reader: DocumentReader) -> None:
    folder = shared_data("documents")
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found, missed = 0, []
    for row in listed:
        if row["format"] not in READ or row.get("behaviour") != "text":
            continue
        content = reader.read(folder / row["path"], CancelToken())
        assert "pages" not in row or not content.unit.numbered or len(content.pages) == row["pages"]
        for expected in row["expected"]:
            if stands(expected, content, row["format"] in MARKED_UP):
                found += 1
            else:
                missed.append((row["path"], expected["text"]))
    share = found / (found + len(missed))
    print(
        f"\nexpected texts found: {found} of {found + len(missed)} ({share:.1%}); missed {missed}"
    )
    assert share >= LEAST_SHARE


def test_unreadable_documents_are_refused_for_the_right_reason(reader: DocumentReader) -> None:
    folder = shared_data("documents")
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = [row for row in listed if row["format"] in READ and row["behaviour"] in REFUSALS]
    assert len(rows) > 10
    for row in rows:
        assert isinstance(outcome(reader, folder / row["path"]), REFUSALS[row["behaviour"]]), row


def outcome(reader: DocumentReader, path: Path) -> DocumentContent | DocumentError:
    try:
        return reader.read(path, CancelToken())
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
