"""What a file is, is found from its content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docx import Document

from desktop.documents.kinds import kind_of
from desktop.domain.documents import DocumentKind
from desktop.domain.errors import (
    EmptyFile,
    FileMissing,
    FileUnreadable,
    KindMismatch,
    KindUnsupported,
    PasswordNeeded,
)
from tests.unit.documents.made_files import PIXEL, write_pdf, write_zip

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def ole_file(path: Path, *names: str) -> Path:
    head = bytearray(512)
    head[:8] = OLE
    head[30:32] = (9).to_bytes(2, "little")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in names)
    return written(path, bytes(head) + directory)


def test_a_pdf_is_a_pdf_under_any_name(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.docx", "a.txt", "a"):
        path = write_pdf(tmp_path / name, [[(72, 72, 12, "Hello")]])
        assert kind_of(path) is DocumentKind.PDF


def test_a_word_document_is_found_from_what_the_zip_holds(tmp_path: Path) -> None:
    document = Document()
    document.save(str(tmp_path / "a.pdf"))
    assert kind_of(tmp_path / "a.pdf") is DocumentKind.DOCX


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.txt", "Plain words.", DocumentKind.TEXT),
        ("a", "Plain words.", DocumentKind.TEXT),
        ("a.md", "Plain words.", DocumentKind.MARKDOWN),
        ("a.csv", "a,b\n1,2", DocumentKind.TEXT),
        ("a.py", "import os", DocumentKind.TEXT),
        ("a.json", '{"a": 1}', DocumentKind.TEXT),
        ("a.txt", "<!-- x --> <!DOCTYPE html><p>Hi", DocumentKind.HTML),
        ("a.pdf", "<html><body>Hi</body></html>", DocumentKind.HTML),
        ("a.html", "<p>One</p><p>Two</p>", DocumentKind.HTML),
        ("a.html", "No mark-up at all", DocumentKind.TEXT),
        ("a.txt", "From: Priya\nTo: Thomas\nSubject: Cloth\n\nHello", DocumentKind.TEXT),
    ],
)
def test_text_kinds_follow_the_content_and_then_the_name(
    tmp_path: Path, name: str, text: str, kind: DocumentKind
) -> None:
    assert kind_of(written(tmp_path / name, text)) is kind


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_text_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Grüße aus dem Büro, schöne Wörter.\n" * 20
    path = written(tmp_path / "a.txt", text.encode(encoding))
    assert kind_of(path) is DocumentKind.TEXT


def test_a_picture_named_pdf_is_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(KindMismatch) as caught:
        kind_of(written(tmp_path / "scan.pdf", JPEG))
    assert (caught.value.claimed, caught.value.found) == ("a PDF document", "a JPEG picture")


def test_words_named_pdf_are_no_document(tmp_path: Path) -> None:
    with pytest.raises(KindMismatch) as caught:
        kind_of(written(tmp_path / "a.pdf", "not found"))
    assert caught.value.found == "a text file"


def test_a_saved_error_page_named_as_a_model_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(KindMismatch) as caught:
        kind_of(written(tmp_path / "a.gguf", "<html><body>Log in</body></html>"))
    assert (caught.value.claimed, caught.value.found) == ("a model file", "a web page")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.png", PIXEL, "a PNG picture"),
        ("a.gguf", b"GGUF\x03\x00\x00\x00" + bytes(20), "a model file"),
        ("a.rtf", b"{\\rtf1 words}", "a Rich Text document"),
        ("a.eml", b"From: a@b\nSubject: x\n\nHi", "an e-mail message"),
        ("a", b"Received: x\nMessage-ID: <1>\nFrom: a\n\nHi", "an e-mail message"),
        ("a.svg", b"<svg xmlns='x'><text>hi</text></svg>", "an SVG picture"),
        ("a.bin", bytes(range(256)) * 8, "binary data"),
        ("a.bin", b"\x7fELF" + bytes(60), "a program"),
    ],
)
def test_other_formats_are_named_in_plain_words(
    tmp_path: Path, name: str, data: bytes, found: str
) -> None:
    with pytest.raises(KindUnsupported) as caught:
        kind_of(written(tmp_path / name, data))
    assert caught.value.found == found


@pytest.mark.parametrize(
    ("members", "found"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "an Excel workbook"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "a PowerPoint presentation"),
        (["mimetype", "content.xml"], "an OpenDocument file"),
        (["mimetype", "META-INF/container.xml"], "an EPUB book"),
        (["notes.txt"], "a ZIP archive"),
    ],
)
def test_zip_containers_are_told_apart(tmp_path: Path, members: list[str], found: str) -> None:
    path = write_zip(tmp_path / "a.zip", dict.fromkeys(members, b"x"))
    with pytest.raises(KindUnsupported) as caught:
        kind_of(path)
    assert caught.value.found == found


def test_old_office_files_are_told_apart_and_encrypted_ones_need_a_password(
    tmp_path: Path,
) -> None:
    with pytest.raises(KindUnsupported) as caught:
        kind_of(ole_file(tmp_path / "a.doc", "Root Entry", "WordDocument"))
    assert caught.value.found == "an old Word document"
    with pytest.raises(PasswordNeeded):
        kind_of(ole_file(tmp_path / "a.docx", "Root Entry", "EncryptedPackage"))


def test_nothing_and_blanks_alone_are_empty(tmp_path: Path) -> None:
    for number, data in enumerate((b"", b"\xef\xbb\xbf", b" \n\t\n")):
        with pytest.raises(EmptyFile):
            kind_of(written(tmp_path / f"{number}.txt", data))


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        kind_of(tmp_path / "nowhere.txt")
    with pytest.raises(KindUnsupported):
        kind_of(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(KindUnsupported):
        kind_of(pipe)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(FileUnreadable):
        kind_of(loop)


def test_a_cut_in_the_middle_of_a_character_is_no_damage(tmp_path: Path) -> None:
    for shift in range(4):
        path = written(tmp_path / f"{shift}.txt", "x" * shift + "€" * 20_000)
        assert kind_of(path) is DocumentKind.TEXT
