"""Broken and hostile files: a clear outcome for each, in time, and the reader stays usable."""

from __future__ import annotations

import json
import os
import signal
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, DocumentKind
from desktop.domain.errors import DocumentError, ReaderTimedOut
from desktop.domain.settings import DocumentSettings
from tests.support.shared_data import shared_data
from tests.unit.documents.made_files import write_pdf

pytestmark = pytest.mark.fault

LONGEST_S = 30
WORDS = "The quick brown fox keeps the ledger in drawer seventeen."
# Outcomes that allow no text, and those that allow no error for a format that is read.
MUST_FAIL = frozenset({"reject", "limit", "no_text"})
MUST_READ = frozenset({"text", "inert"})
READ_FORMATS = frozenset({"pdf", "docx", "md", "html", "txt"})


@pytest.fixture
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings())
    yield opened
    opened.close()


def test_every_hostile_file_has_the_outcome_that_it_must_have(reader: DocumentReader) -> None:
    folder = shared_data("hostile")
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert len(listed) > 100
    for row in listed:
        before = (folder / row["path"]).stat()
        started = time.monotonic()
        result = outcome(reader, folder / row["path"])
        assert time.monotonic() - started < LONGEST_S, row["path"]
        assert (folder / row["path"]).stat().st_mtime_ns == before.st_mtime_ns
        check(row, result)


def check(row: dict[str, Any], result: DocumentContent | DocumentError) -> None:
    if isinstance(result, DocumentError):
        wanted = row["must"] in MUST_READ and row["true_format"] in READ_FORMATS
        assert not wanted, (row["path"], type(result).__name__, vars(result))
        return
    assert row["must"] not in MUST_FAIL, (row["path"], result.pages[0].text[:100])
    text = unicodedata.normalize("NFKC", " ".join(page.text for page in result.pages))
    for expected in row.get("expect") or ():
        assert expected in " ".join(text.split()), row["path"]
    for forbidden in row.get("forbid") or ():
        assert forbidden not in text, row["path"]


def outcome(reader: DocumentReader, path: Path) -> DocumentContent | DocumentError:
    try:
        return reader.read(path, CancelToken())
    except DocumentError as error:
        return error


def test_hidden_instructions_are_not_read(reader: DocumentReader) -> None:
    content = reader.read(shared_data("hostile", "injection", "hidden_div.html"), CancelToken())
    assert "PINEAPPLE" not in " ".join(page.text for page in content.pages)


def test_a_reader_past_its_time_is_replaced(tmp_path: Path) -> None:
    impatient = DocumentReader(DocumentSettings(page_time_limit_s=0.001))
    path = tmp_path / "a.txt"
    path.write_text(WORDS, encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ReaderTimedOut) as caught:
            impatient.read(path, CancelToken())
        assert caught.value.path == str(path)
    impatient.close()


class KillsTheReader(CancelToken):
    """Ends the reading process in the middle, as a crash in it would."""

    def __init__(self, reader: DocumentReader, times: int) -> None:
        super().__init__()
        self._reader = reader
        self._times = times

    def raise_if_cancelled(self) -> None:
        process_id = self._reader._child.process_id
        if process_id is not None and self._reader._child.alive and self._times:
            self._times -= 1
            os.kill(process_id, signal.SIGKILL)


def test_a_reader_that_dies_costs_one_page_and_not_the_document(
    reader: DocumentReader, tmp_path: Path
) -> None:
    # More than a pipe holds, so that the death falls between two pages.
    sheet = [(72.0, 40.0 + 7 * n, 6.0, f"{WORDS} Line {n}.") for n in range(100)]
    path = write_pdf(tmp_path / "long.pdf", [sheet] * 60)
    content = reader.read(path, KillsTheReader(reader, times=1))
    assert len(content.pages) == 60
    assert sum(not page.text for page in content.pages) == 1
    assert "could not be read" in content.warnings[0]
    assert content.kind is DocumentKind.PDF


def test_a_reader_that_dies_again_and_again_gives_the_file_up(
    reader: DocumentReader, tmp_path: Path
) -> None:
    sheet = [(72.0, 40.0 + 7 * n, 6.0, f"{WORDS} Line {n}.") for n in range(100)]
    path = write_pdf(tmp_path / "long.pdf", [sheet] * 60)
    with pytest.raises(DocumentError) as caught:
        reader.read(path, KillsTheReader(reader, times=100))
    assert type(caught.value).__name__ == "ReaderDied"
    assert len(reader.read(path, CancelToken()).pages) == 60
