"""What a file is, is found from its content."""

from __future__ import annotations

import os
import zipfile
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
        ("a.csv", "a,b\n1,2", DocumentKind.CSV),
        ("a.tsv", "a\tb\n1\t2", DocumentKind.CSV),
        ("a.py", "import os", DocumentKind.CODE),
        ("Makefile", "all:\n\ttrue", DocumentKind.CODE),
        ("a", "#!/bin/sh\nls", DocumentKind.CODE),
        ("a.json", '{"a": 1}', DocumentKind.JSON),
        ("a.txt", '[{"a": 1}, {"a": 2}]', DocumentKind.JSON),
        ("a.js", '{"a": 1}', DocumentKind.CODE),
        ("a.txt", "[1] says so, and {others} do not.", DocumentKind.TEXT),
        ("a", "<?xml version='1.0'?><a><b>c</b></a>", DocumentKind.XML),
        ("a.xml", "<a><b>c</b></a>", DocumentKind.XML),
        ("a.yaml", "a: 1", DocumentKind.YAML),
        ("a.rst", "Title\n=====", DocumentKind.RST),
        ("a.org", "* Title", DocumentKind.ORG),
        ("a.txt", "a;b;c\n1;2;3\n4;5;6\n7;8;9\n", DocumentKind.CSV),
        ("a.txt", "Well, I said, yes.\nNo.\nBut, then, why?\nSo.", DocumentKind.TEXT),
        ("a.xls", "a\tb\n1\t2\n3\t4\n5\t6\n", DocumentKind.CSV),
        ("a.rtf", "{\\rtf1 words}", DocumentKind.RTF),
        ("a.eml", "From: a@b\nSubject: x\n\nHi", DocumentKind.EML),
        ("a", "Received: x\nMessage-ID: <1>\nFrom: a\n\nHi", DocumentKind.EML),
        ("a.mbox", "From a@b Mon Jan  1 00:00:00 2024\nFrom: a@b\n\nHi", DocumentKind.MBOX),
        ("a.mht", "From: <Saved by a browser>\nMIME-Version: 1.0\n\n", DocumentKind.MHTML),
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


def test_a_picture_is_a_picture_under_any_name(tmp_path: Path) -> None:
    assert kind_of(written(tmp_path / "scan.pdf", JPEG)) is DocumentKind.IMAGE
    assert kind_of(written(tmp_path / "a.png", PIXEL)) is DocumentKind.IMAGE


def test_a_program_named_docx_is_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(KindMismatch) as caught:
        kind_of(written(tmp_path / "a.docx", b"\x7fELF" + bytes(60)))
    assert (caught.value.claimed, caught.value.found) == ("a Word document", "a program")


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
        ("a.gguf", b"GGUF\x03\x00\x00\x00" + bytes(20), "a model file"),
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


ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, DocumentKind.XLSX),
        ({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}, DocumentKind.PPTX),
        ({"mimetype": b"", "content.xml": b""}, DocumentKind.ODT),
        ({"mimetype": ODS, "content.xml": b""}, DocumentKind.ODS),
        ({"mimetype": b"", "META-INF/container.xml": b""}, DocumentKind.EPUB),
        ({"notes.txt": b"x"}, DocumentKind.ZIP),
    ],
)
def test_zip_containers_are_told_apart(
    tmp_path: Path, members: dict[str, bytes], kind: DocumentKind
) -> None:
    assert kind_of(write_zip(tmp_path / "a", members)) is kind


def test_a_zip_cut_short_still_shows_what_it_was(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", bytes(range(256)) * 20)
    whole = (tmp_path / "a").read_bytes()
    assert kind_of(written(tmp_path / "cut", whole[: len(whole) // 2])) is DocumentKind.ODS


def test_an_archive_named_as_a_document_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(KindMismatch) as caught:
        kind_of(write_zip(tmp_path / "a.xlsx", {"notes.txt": b"x"}))
    assert caught.value.found == "a ZIP archive"


@pytest.mark.parametrize(
    ("member", "found"),
    [("AndroidManifest.xml", "a program"), ("archive/data.pkl", "a model file")],
)
def test_other_containers_are_named(tmp_path: Path, member: str, found: str) -> None:
    with pytest.raises(KindUnsupported) as caught:
        kind_of(write_zip(tmp_path / "a", {member: b"x"}))
    assert caught.value.found == found


def test_old_office_files_are_told_apart_and_encrypted_ones_need_a_password(
    tmp_path: Path,
) -> None:
    assert kind_of(ole_file(tmp_path / "a.doc", "Root Entry", "WordDocument")) is DocumentKind.DOC
    assert kind_of(ole_file(tmp_path / "a", "Root Entry", "Workbook")) is DocumentKind.XLS
    both = ole_file(tmp_path / "b.xls", "Root Entry", "Workbook", "WordDocument")
    assert kind_of(both) is DocumentKind.XLS
    mail = ole_file(tmp_path / "b", "Root Entry", "__properties_version1.0", "WordDocument")
    assert kind_of(mail) is DocumentKind.MSG
    with pytest.raises(PasswordNeeded):
        kind_of(ole_file(tmp_path / "a.docx", "Root Entry", "EncryptedPackage"))
    with pytest.raises(KindMismatch) as caught:
        kind_of(ole_file(tmp_path / "c.txt", "Root Entry", "Contents"))
    assert caught.value.found == "an old Office document"


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
