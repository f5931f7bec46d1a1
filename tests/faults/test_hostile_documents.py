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
from tests.unit.documents.made_files import write_pdf, write_zip

pytestmark = pytest.mark.fault

LONGEST_S = 30
WORDS = "The quick brown fox keeps the ledger in drawer seventeen."
# Outcomes that allow no text, and those that allow no error.
MUST_FAIL = frozenset({"reject", "limit", "no_text", "no_text_or_reject"})
MUST_READ = frozenset({"text", "text_fast", "inert", "mislabelled"})


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
        assert row["must"] not in MUST_READ, (row["path"], type(result).__name__, vars(result))
        return
    text = unicodedata.normalize("NFKC", " ".join(page.text for page in result.pages))
    # A picture without letters is waiting for text recognition, which finds none.
    assert row["must"] not in MUST_FAIL or not text.strip(), (row["path"], text[:100])
    for expected in row.get("expect") or ():
        assert expected in " ".join(text.split()), row["path"]
    for forbidden in row.get("forbid") or ():
        assert forbidden not in text, row["path"]
    if row["must"] == "mislabelled":
        assert result.warnings[0].startswith("Its name says"), row["path"]


def test_files_of_every_name_are_read_under_it(reader: DocumentReader, tmp_path: Path) -> None:
    listed = json.loads(shared_data("hostile", "names.json").read_text(encoding="utf-8"))["files"]
    assert len(listed) > 10
    for row in listed:
        path = tmp_path / row["name"]
        path.write_text(row["text"], encoding="utf-8")
        content = reader.read(path, CancelToken())
        assert [page.text for page in content.pages] == [row["text"]]
        # The same name within an archive.
        archive = write_zip(tmp_path / "a.zip", {row["name"]: row["text"].encode()})
        (inner,) = reader.read(archive, CancelToken()).inner_files
        content = reader.read(archive, CancelToken(), inside=(inner.name,))
        assert content.pages[0].text == row["text"]
    written = {path.name for path in tmp_path.iterdir()} - {"a.zip"}
    assert written == {row["name"] for row in listed}


def outcome(reader: DocumentReader, path: Path) -> DocumentContent | DocumentError:
    try:
        return reader.read(path, CancelToken())
    except DocumentError as error:
        return error


def test_hidden_instructions_are_not_read(reader: DocumentReader) -> None:
    content = reader.read(shared_data("hostile", "injection", "hidden_div.html"), CancelToken())
    assert "PINEAPPLE" not in " ".join(page.text for page in content.pages)


class SignalsTheReader(CancelToken):
    """Ends or stops the reading process in the middle, as a crash or a hang in it would."""

    def __init__(self, reader: DocumentReader, number: signal.Signals, times: int) -> None:
        super().__init__()
        self._reader = reader
        self._number = number
        self._times = times

    def raise_if_cancelled(self) -> None:
        process_id = self._reader._child.process_id
        if process_id is not None and self._reader._child.alive and self._times:
            self._times -= 1
            os.kill(process_id, self._number)


def test_a_reader_past_its_time_is_replaced(tmp_path: Path) -> None:
    impatient = DocumentReader(DocumentSettings(page_time_limit_s=0.5))
    path = tmp_path / "a.txt"
    # More than a pipe holds, so that the process hangs between two parts.
    path.write_text(f"{WORDS}\n\n" * 10_000, encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ReaderTimedOut) as caught:
            impatient.read(path, SignalsTheReader(impatient, signal.SIGSTOP, times=1))
        assert caught.value.path == str(path)
    assert len(impatient.read(path, CancelToken()).pages) > 5
    impatient.close()


def test_a_reader_that_dies_costs_one_page_and_not_the_document(
    reader: DocumentReader, tmp_path: Path
) -> None:
    # More than a pipe holds, so that the death falls between two pages.
    sheet = [(72.0, 40.0 + 7 * n, 6.0, f"{WORDS} Line {n}.") for n in range(100)]
    path = write_pdf(tmp_path / "long.pdf", [sheet] * 60)
    content = reader.read(path, SignalsTheReader(reader, signal.SIGKILL, times=1))
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
        reader.read(path, SignalsTheReader(reader, signal.SIGKILL, times=100))
    assert type(caught.value).__name__ == "ReaderDied"
    assert len(reader.read(path, CancelToken()).pages) == 60
