"""EPUB: chapters by the table of contents, and books that are broken, locked or too large."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.documents.readers import epub_package
from desktop.documents.readers.epub import read_epub
from desktop.domain.documents import BlockKind, PageUnit
from desktop.domain.errors import ContentTooLarge, DamagedFile, ProtectedContent
from tests.unit.documents.made_files import write_zip
from tests.unit.documents.reading import events_of, text_of

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>On Glue</dc:title><dc:creator>Ann Lee
</dc:creator><dc:creator>Bo Roe</dc:creator><dc:date>2024-05-01</dc:date><dc:language>en-GB
</dc:language><meta property="dcterms:modified">2024-06-01T10:00:00Z</meta></metadata><manifest>
<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="x" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="../../secret.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine toc="x"><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>"""
NAV = """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>
<li><a href="text/one.xhtml">Chapter 1: Bone</a><ol><li><a href="text/one.xhtml#deep">Deep</a></li>
</ol></li><li><a href="text/one.xhtml#fish">Chapter 2: Fish</a></li>
<li><a href="text/two%20b.xhtml">Notes</a></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Bones
</text></navLabel><content src="text/one.xhtml"/></navPoint></navMap></ncx>"""
ONE = """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title></head>
<body><h1>Chapter 1</h1><h2>Bone</h2><p>Boil it.</p><p id="deep">Long.</p>
<div id="fish"><h1>Swim bladders</h1><p>Soak it.</p></div></body></html>"""
TWO = "<html><body><p>A note.</p></body></html>"


def book(path: Path, **changed: str | None) -> Path:
    members: dict[str, str | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": PACKAGE,
        "OPS/nav.xhtml": NAV,
        "OPS/toc.ncx": NCX,
        "OPS/text/one.xhtml": ONE,
        "OPS/text/two b.xhtml": TWO,
    }
    members |= {name.replace("__", "/"): text for name, text in changed.items()}
    return write_zip(path, {name: text.encode() for name, text in members.items() if text})


def test_a_chapter_begins_where_the_table_of_contents_says(tmp_path: Path) -> None:
    read = events_of(read_epub(book(tmp_path / "a.epub")))
    assert [(page.number, page.name) for page in read.pages] == [
        (1, "Chapter 1: Bone"),
        (2, "Chapter 2: Fish"),
        (3, "Notes"),
    ]
    texts = [page.text for page in read.pages]
    assert texts == [
        "Chapter 1\n\nBone\n\nBoil it.\n\nLong.",
        "Swim bladders\n\nSoak it.",
        "A note.",
    ]
    assert read.opened.unit is PageUnit.SECTION


def test_the_chapters_name_stands_over_its_text_once(tmp_path: Path) -> None:
    read = events_of(read_epub(book(tmp_path / "a.epub")))
    paths = {
        text_of(page, block): block.heading_path
        for page in read.pages
        for block in page.blocks
        if block.kind is BlockKind.PARAGRAPH
    }
    assert paths["Boil it."] == ("Chapter 1: Bone", "Bone")
    assert paths["Soak it."] == ("Chapter 2: Fish", "Swim bladders")
    assert paths["A note."] == ("Notes",)


def test_the_book_says_who_wrote_it_and_when(tmp_path: Path) -> None:
    opened = events_of(read_epub(book(tmp_path / "a.epub"))).opened
    facts = opened.facts
    assert (opened.title, facts.author, facts.language) == ("On Glue", "Ann Lee, Bo Roe", "en")
    assert (facts.created, facts.modified) == ("2024-05-01", "2024-06-01T10:00:00Z")


def test_an_older_table_of_contents_is_read_where_the_new_one_is_missing(tmp_path: Path) -> None:
    changed = {"OPS__nav.xhtml": None, "OPS__toc.ncx": NCX}
    read = events_of(read_epub(book(tmp_path / "a.epub", **changed)))
    assert [page.name for page in read.pages] == ["Bones"]


def test_without_a_table_of_contents_the_files_are_the_chapters(tmp_path: Path) -> None:
    changed = {"OPS__nav.xhtml": None, "OPS__toc.ncx": None}
    read = events_of(read_epub(book(tmp_path / "a.epub", **changed)))
    assert [page.name for page in read.pages] == ["One", ""]


def test_nothing_outside_the_book_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text("<p>secret words</p>", encoding="utf-8")
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    read = events_of(read_epub(book(folder / "a.epub")))
    assert "secret" not in "".join(page.text for page in read.pages)


@pytest.mark.parametrize(("algorithm", "locked"), [
    ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
    ("http://www.idpf.org/2008/embedding", False),
])  # fmt: skip
def test_a_locked_book_is_refused_and_one_with_scrambled_fonts_is_read(
    tmp_path: Path, algorithm: str, locked: bool
) -> None:
    encryption = (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{algorithm}"/><e:CipherData>'
        '<e:CipherReference URI="OPS/text/one.xhtml"/></e:CipherData></e:EncryptedData>'
        "</encryption>"
    )
    path = book(tmp_path / "a.epub", **{"META-INF__encryption.xml": encryption})
    if locked:
        with pytest.raises(ProtectedContent):
            list(read_epub(path))
    else:
        assert len(events_of(read_epub(path)).pages) == 3


def test_a_book_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epub_package, "_MOST_PART_BYTES", 100_000)
    path = book(tmp_path / "a.epub", **{"OPS__text__one.xhtml": "<p>" + "x" * 200_000})
    with pytest.raises(ContentTooLarge):
        list(read_epub(path))


@pytest.mark.parametrize("broken", ["META-INF__container.xml", "OPS__book.opf"])
def test_a_book_without_its_main_parts_is_damaged(tmp_path: Path, broken: str) -> None:
    path = book(tmp_path / "a.epub", **{broken: "<x/>", "OPS__book.opf": "<x/>"})
    with pytest.raises(DamagedFile):
        list(read_epub(path))


def test_half_a_book_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub")
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(DamagedFile):
        list(read_epub(path))
