"""The reading process: limits, names, and what becomes of its failures."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.documents.content import Opened, ReadPage
from desktop.documents.fingerprint import sha256_of
from desktop.documents.reader import DocumentReader
from desktop.documents.reader_child import read_file
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, DocumentKind, PageUnit
from desktop.domain.errors import (
    Cancelled,
    DamagedFile,
    EmptyFile,
    FileChangedWhileRead,
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    PasswordNeeded,
)
from desktop.domain.settings import DocumentSettings
from tests.unit.documents.made_files import encrypted, write_pdf, write_picture_pdf

WORDS = "The quick brown fox keeps the ledger in drawer seventeen."


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings(max_file_mb=1))
    yield opened
    opened.close()


def read(reader: DocumentReader, path: Path) -> DocumentContent:
    return reader.read(path, CancelToken())


def test_what_the_child_reads_arrives_whole(reader: DocumentReader, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 20, "Title"), (72, 120, 10, WORDS)]] * 3)
    content = read(reader, path)
    assert content.kind is DocumentKind.PDF
    assert content.unit is PageUnit.PAGE
    assert content.warnings == ()
    direct = [event.page for event in read_file(path) if isinstance(event, ReadPage)]
    for page, wanted in zip(content.pages, direct, strict=True):
        assert (page.number, page.text) == (wanted.number, wanted.text)
        assert [block.heading_path for block in page.blocks] == [
            block.heading_path for block in wanted.blocks
        ]
        assert page.lines[0].box.top == pytest.approx(wanted.lines[0].box.top, abs=0.01)


NAMES = [
    "with space.txt",
    'quote\'s "two".txt',
    "line\nbreak.txt",
    "\N{BOOKS} émoji.txt",
    "x" * 251 + ".txt",
    "$(touch PWNED).txt",
    "العربية",
    os.fsdecode(b"undecodable-\xff\xfe.txt"),
    os.fsdecode(b"undecodable-\xff\xfe.pdf"),
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_every_file_name_gets_through(reader: DocumentReader, tmp_path: Path, name: str) -> None:
    plain = tmp_path / ("plain.pdf" if name.endswith(".pdf") else "plain.txt")
    if plain.suffix == ".pdf":
        write_pdf(plain, [[(72, 72, 12, WORDS)]])
    else:
        plain.write_text(WORDS, encoding="utf-8")
    try:
        path = plain.rename(tmp_path / name)
    except OSError:
        pytest.skip(f"this file system has no such name on {sys.platform}")
    assert read(reader, path).pages[0].text == WORDS


def test_a_missing_empty_or_large_file_is_named_without_a_child(
    reader: DocumentReader, tmp_path: Path
) -> None:
    with pytest.raises(FileMissing):
        read(reader, tmp_path / "nowhere.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(EmptyFile):
        read(reader, tmp_path / "empty.txt")
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(2 << 20)
    with pytest.raises(FileTooLarge) as caught:
        read(reader, tmp_path / "large.txt")
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (2 << 20, 1_000_000)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_permission_is_named(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WORDS, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(FileUnreadable):
        read(reader, path)


def test_errors_of_the_child_arrive_with_their_facts(
    reader: DocumentReader, tmp_path: Path
) -> None:
    locked = encrypted(write_pdf(tmp_path / "locked.pdf", [[(72, 72, 12, WORDS)]]), "a", "b")
    with pytest.raises(PasswordNeeded) as needed:
        read(reader, locked)
    assert needed.value.path == str(locked)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(DamagedFile) as damaged:
        read(reader, broken)
    assert damaged.value.reason


def test_pages_whose_text_must_be_recognised_are_named(
    reader: DocumentReader, tmp_path: Path
) -> None:
    scan = read(reader, write_picture_pdf(tmp_path / "scan.pdf", ["", "Scan 2"]))
    assert scan.picture_pages == (1, 2)
    mixed = read(reader, write_picture_pdf(tmp_path / "mixed.pdf", [WORDS, "", WORDS]))
    assert mixed.picture_pages == (2,)


def test_blank_pages_alone_are_empty(reader: DocumentReader, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        read(reader, write_pdf(tmp_path / "a.pdf", [[], []]))


def test_a_wrong_name_is_remarked(reader: DocumentReader, tmp_path: Path) -> None:
    content = read(reader, write_pdf(tmp_path / "a.docx", [[(72, 72, 12, WORDS)]]))
    assert content.kind is DocumentKind.PDF
    assert "a Word document" in content.warnings[0]


def test_pages_come_one_by_one_and_what_is_said_of_them_at_the_end(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, WORDS)]] * 3)
    reading = reader.pages(path, CancelToken())
    first = next(reading)
    assert isinstance(first, Opened)
    assert (first.kind, first.page_count) == (DocumentKind.PDF, 3)
    pages = [next(reading) for _ in range(3)]
    assert tuple(pages) == read_apart(path).pages
    with pytest.raises(StopIteration) as ended:
        next(reading)
    assert ended.value.value == replace(read_apart(path), pages=())


def test_a_reading_that_is_given_up_leaves_the_reader_free(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, WORDS)]] * 3)
    reading = reader.pages(path, CancelToken())
    next(reading)
    reading.close()
    assert len(read(reader, path).pages) == 3


def read_apart(path: Path) -> DocumentContent:
    """Read the file with a reader of its own."""
    other = DocumentReader(DocumentSettings())
    try:
        return read(other, path)
    finally:
        other.close()


def test_a_cancelled_read_ends_soon_and_the_next_one_works(tmp_path: Path) -> None:
    reader = DocumentReader(DocumentSettings())
    path = write_pdf(tmp_path / "a.pdf", [[(72, 72, 12, WORDS)]] * 2)
    token = CancelToken()
    token.cancel()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        reader.read(path, token)
    assert time.monotonic() - started < DocumentSettings().page_time_limit_s
    assert len(read(reader, path).pages) == 2
    reader.close()


def test_a_file_that_is_written_meanwhile_is_not_trusted(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WORDS, encoding="utf-8")

    class WritesMeanwhile(CancelToken):
        """Stands for another program: writes once the reader has looked at the file."""

        looks = 0

        def raise_if_cancelled(self) -> None:
            self.looks += 1
            if self.looks == 2:
                path.write_text(WORDS * 2, encoding="utf-8")

    with pytest.raises(FileChangedWhileRead):
        reader.read(path, WritesMeanwhile())
    assert read(reader, path).pages[0].text == WORDS * 2


def test_the_fingerprint_is_the_contents_and_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(3 << 20))
    wanted = hashlib.sha256(path.read_bytes()).hexdigest()
    assert sha256_of(path, CancelToken()) == wanted
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        sha256_of(path, token)
    with pytest.raises(FileMissing):
        sha256_of(tmp_path / "nowhere", CancelToken())
