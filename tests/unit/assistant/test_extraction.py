"""One file read for a person to look at: inside others, and with the text of its pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.extraction import extracted
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, DocumentKind
from desktop.domain.errors import FileMissing, NeedsTextRecognition, PasswordNeeded
from desktop.domain.settings import DocumentSettings
from tests.unit.documents.made_files import write_picture_pdf, write_zip
from tests.unit.documents.test_zip_archives import AES_256, PASSWORD

WORDS = "The quick brown fox keeps the ledger in drawer seventeen."


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings())
    yield opened
    opened.close()


def extract(reader: DocumentReader, path: Path, *passwords: str) -> DocumentContent:
    return extracted(reader, path, passwords, CancelToken())


def test_a_path_may_go_on_into_files(reader: DocumentReader, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b/c.md", f"# Stock\n\n{WORDS}")
    path = write_zip(tmp_path / "a.zip", {"d/e.zip": inner.getvalue(), "d/e.zip.md": b"Other"})
    assert extract(reader, path).kind is DocumentKind.ZIP
    assert extract(reader, path / "d/e.zip/b/c.md").title == "Stock"
    assert extract(reader, path / "d/e.zip.md").pages[0].text == "Other"
    for way in ("d", "d/e.zip/c.md", "nowhere.md"):
        with pytest.raises(FileMissing) as caught:
            extract(reader, path / way)
        assert caught.value.path == str(path / way)
    with pytest.raises(FileMissing):
        extract(reader, tmp_path / "nowhere" / "a.md")


def test_a_password_opens_the_files_inside_too(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(AES_256)
    with pytest.raises(PasswordNeeded):
        extract(reader, path / "words.txt", "wrong")
    assert "Drawer" in extract(reader, path / "words.txt", "wrong", PASSWORD).pages[0].text


def test_pictures_without_any_text_are_said_to_have_none(
    reader: DocumentReader, tmp_path: Path
) -> None:
    with pytest.raises(NeedsTextRecognition):
        extract(reader, write_picture_pdf(tmp_path / "scan.pdf", ["", ""]))
    mixed = extract(reader, write_picture_pdf(tmp_path / "mixed.pdf", [WORDS, ""]))
    assert mixed.pages[0].text == WORDS
    assert mixed.warnings == ("No text could be recognised in the picture of pages: 2.",)
    assert mixed.picture_pages == (2,)
