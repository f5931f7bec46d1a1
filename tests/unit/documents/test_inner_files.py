"""Files inside files: read by the way that leads to them, and nowhere on disk."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from desktop.documents.held_file import held
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, DocumentKind, InnerFile
from desktop.domain.errors import (
    ContentTooLarge,
    DamagedFile,
    EmptyFile,
    FileMissing,
    FileTooLarge,
    KindUnsupported,
    PasswordNeeded,
)
from desktop.domain.settings import DocumentSettings
from tests.unit.documents.made_files import encrypted, write_pdf, write_zip
from tests.unit.documents.test_zip_archives import AES_256, PASSWORD

WORDS = "The quick brown fox keeps the ledger in drawer seventeen."


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings())
    yield opened
    opened.close()


def read(reader: DocumentReader, path: Path, *inside: str) -> DocumentContent:
    return reader.read(path, CancelToken(), inside=inside)


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def mail_with(name: str, data: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Priya <p@example.org>"
    mail["Subject"] = "Cloth"
    mail.set_content("See the file.")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(mail)


def test_an_archive_has_files_and_no_pages(reader: DocumentReader, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"b/c.txt": WORDS.encode()})
    content = read(reader, path)
    assert (content.kind, content.pages) == (DocumentKind.ZIP, ())
    assert content.inner_files == (InnerFile("b/c.txt", len(WORDS)),)
    with pytest.raises(EmptyFile):
        read(reader, write_zip(tmp_path / "empty.zip", {}))


def test_a_file_inside_others_is_read_with_its_own_name_and_kind(
    reader: DocumentReader, tmp_path: Path
) -> None:
    pdf = write_pdf(tmp_path / "x.pdf", [[(72, 72, 12, WORDS)]]).read_bytes()
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"letters/in.eml": mail_with("bill.pdf", pdf), "d.md": b"# Stock"}))
    content = read(reader, path, "letters/in.eml", "bill.pdf")
    assert (content.kind, content.title, content.warnings) == (DocumentKind.PDF, "bill", ())
    assert content.pages[0].text == WORDS
    assert content.pages[0].lines[0].box.top > 0
    assert read(reader, path, "d.md").kind is DocumentKind.MARKDOWN
    assert read(reader, path, "letters/in.eml").inner_files[0].name == "bill.pdf"


def test_a_wrong_name_inside_is_remarked(reader: DocumentReader, tmp_path: Path) -> None:
    pdf = write_pdf(tmp_path / "x.pdf", [[(72, 72, 12, WORDS)]]).read_bytes()
    path = write_zip(tmp_path / "a.zip", {"a.docx": pdf})
    assert "a Word document" in read(reader, path, "a.docx").warnings[0]


def test_errors_name_the_file_as_people_know_it(reader: DocumentReader, tmp_path: Path) -> None:
    members = {
        "a.pdf": b"%PDF-1.7\nnothing",
        "b.exe": b"MZ\x00" + bytes(99),
        "c.txt": b" ",
        "e.txt": b"x",
    }
    path = write_zip(tmp_path / "a.zip", members)
    for name, error in (
        ("a.pdf", DamagedFile), ("b.exe", KindUnsupported), ("c.txt", EmptyFile),
        ("d.txt", FileMissing),
    ):  # fmt: skip
        with pytest.raises(error) as caught:
            read(reader, path, name)
        assert vars(caught.value)["path"] == f"{path}/{name}"
    with pytest.raises(KindUnsupported):
        read(reader, path, "e.txt", "d.txt")


def test_files_too_deep_inside_others_are_left_out(reader: DocumentReader, tmp_path: Path) -> None:
    data = zipped({"f.txt": WORDS.encode()})
    for name in ("e.zip", "d.zip", "c.zip", "b.zip"):
        data = zipped({name: data})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    way = ("b.zip", "c.zip", "d.zip", "e.zip")
    assert read(reader, path, *way[:3]).inner_files[0].name == "e.zip"
    with pytest.raises(EmptyFile):
        read(reader, path, *way)
    with pytest.raises(ContentTooLarge):
        read(reader, path, *way, "f.txt")


def test_the_first_password_that_fits_opens_the_file_and_none_is_told(
    reader: DocumentReader, tmp_path: Path
) -> None:
    locked = encrypted(write_pdf(tmp_path / "l.pdf", [[(72, 72, 12, WORDS)]]), "secret", "owner")
    inner = tmp_path / "a.zip"
    inner.write_bytes(zipped({"l.pdf": locked.read_bytes()}))
    for path, inside in ((locked, ()), (inner, ("l.pdf",))):
        content = reader.read(path, CancelToken(), inside=inside, passwords=("a", "secret"))
        assert content.pages[0].text == WORDS
        with pytest.raises(PasswordNeeded) as caught:
            reader.read(path, CancelToken(), inside=inside, passwords=("hunter2",))
        assert "hunter2" not in str(vars(caught.value)) + repr(caught.value)
    archive = tmp_path / "locked.zip"
    archive.write_bytes(AES_256)
    with pytest.raises(PasswordNeeded):
        read(reader, archive)
    content = reader.read(archive, CancelToken(), inside=("words.txt",), passwords=("x", PASSWORD))
    assert "Drawer seventeen" in content.pages[0].text


def test_an_inner_file_larger_than_the_settings_allow_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"large.txt": WORDS.encode() * 40_000})
    small = DocumentReader(DocumentSettings(max_file_mb=1))
    with pytest.raises(FileTooLarge) as caught:
        read(small, path, "large.txt")
    assert (caught.value.path, caught.value.limit_bytes) == (f"{path}/large.txt", 1_000_000)
    small.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a private folder holds them")
def test_what_is_taken_out_lies_in_memory_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with held(WORDS.encode(), "Bill of März.md") as path:
        assert (path.name, path.stem, path.suffix) == ("Bill of März.md", "Bill of März", ".md")
        assert path.read_text(encoding="utf-8") == WORDS
        assert str(path).startswith("/proc/self/fd/")
        assert path.resolve() == path
    assert not os.path.exists(path)


def test_elsewhere_it_lies_in_a_private_folder_until_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with held(WORDS.encode(), "a.md", str(tmp_path)) as path:
        assert path.suffix == ".md"
        assert path.read_text(encoding="utf-8") == WORDS
        assert [each.stat().st_mode & 0o77 for each in tmp_path.iterdir()] == [0]
    assert list(tmp_path.iterdir()) == []
