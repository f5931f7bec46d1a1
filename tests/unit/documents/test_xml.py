"""XML: articles, feeds and plain data, without entities and without end in size."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.documents.readers.xml_text import read_xml
from desktop.domain.documents import BlockKind
from desktop.domain.errors import DamagedFile
from tests.unit.documents.reading import blocks_in, events_of

BOOK = """<?xml version="1.0"?>
<book xmlns="http://docbook.org/ns/docbook"><info><title>Bindings</title>
<author><personname>Ann Lee</personname></author><date>2024-01-02</date></info>
<chapter><title>One</title><para>Sew <emphasis>tight</emphasis>
ly.</para><itemizedlist><listitem><para>Thread</para><itemizedlist><listitem><para>linen</para>
</listitem></itemizedlist></listitem></itemizedlist>
<section><title>Glue</title><programlisting>mix
  stir</programlisting><table><title>Prices</title><tgroup><tbody><row><entry>Kind</entry>
<entry>Price</entry></row><row><entry>Bone</entry><entry>4</entry></row></tbody></tgroup></table>
</section></chapter></book>"""
FEED = """<rss version="2.0"><channel><title>News</title><item><title>First</title>
<pubDate>Mon</pubDate><description>&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</description>
</item></channel></rss>"""
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "words words">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><l x="&i;"><m>&i;</m></l>'
)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_an_article_reads_as_it_is_printed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xml", BOOK)
    assert blocks_in(read_xml(path)) == [
        (BlockKind.HEADING, "Bindings"),
        (BlockKind.PARAGRAPH, "Ann Lee"),
        (BlockKind.PARAGRAPH, "2024-01-02"),
        (BlockKind.HEADING, "One"),
        (BlockKind.PARAGRAPH, "Sew tight ly."),
        (BlockKind.LIST, "- Thread\n  - linen"),
        (BlockKind.HEADING, "Glue"),
        (BlockKind.CODE, "mix\n  stir"),
        (BlockKind.CAPTION, "Prices"),
        (BlockKind.TABLE, "Kind | Price\nBone | 4"),
    ]
    read = events_of(read_xml(path))
    assert read.pages[0].blocks[-1].heading_path == ("One", "Glue")
    assert read.opened.title == "Bindings"
    assert (read.opened.facts.author, read.opened.facts.created) == ("Ann Lee", "2024-01-02")


def test_a_flat_open_document_reads_as_it_is_printed(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    text = (
        f"<office:document {spaces}><office:styles><text:p>unseen</text:p></office:styles>"
        '<office:body><office:text><text:h text:outline-level="1">One</text:h>'
        '<text:h text:outline-level="2">Glue</text:h>'
        "<text:p>Boil <text:span>it</text:span>.</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text></office:body></office:document>"
    )
    path = written(tmp_path / "a.fodt", text)
    assert blocks_in(read_xml(path)) == [
        (BlockKind.HEADING, "One"),
        (BlockKind.HEADING, "Glue"),
        (BlockKind.PARAGRAPH, "Boil it."),
        (BlockKind.TABLE, "a | b"),
    ]
    assert events_of(read_xml(path)).pages[0].blocks[2].heading_path == ("One", "Glue")


def test_an_entry_of_a_feed_stands_under_its_title_without_html(tmp_path: Path) -> None:
    assert blocks_in(read_xml(written(tmp_path / "a.xml", FEED))) == [
        (BlockKind.HEADING, "News"),
        (BlockKind.HEADING, "First"),
        (BlockKind.LIST, "pubDate: Mon"),
        (BlockKind.PARAGRAPH, "Hello you"),
    ]


def test_data_is_names_and_values_and_like_elements_are_a_table(tmp_path: Path) -> None:
    text = (
        '<config version="2"><server host="a.b"><name>Main</name></server><note>Some <b>mixed</b>'
        ' text</note><users><user id="1"><n>Ann</n></user><user id="2"><n>Bob</n></user></users>'
        "</config>"
    )
    assert blocks_in(read_xml(written(tmp_path / "a.xml", text))) == [
        (BlockKind.LIST, "version: 2\nserver.host: a.b\nserver.name: Main\nnote: Some mixed text"),
        (BlockKind.HEADING, "users"),
        (BlockKind.TABLE, "id | n\n1 | Ann\n2 | Bob"),
    ]


def test_a_property_list_pairs_its_keys(tmp_path: Path) -> None:
    text = "<plist><dict><key>A</key><string>x</string><key>B</key><true/></dict></plist>"
    assert blocks_in(read_xml(written(tmp_path / "a.xml", text))) == [
        (BlockKind.LIST, "dict.A: x\ndict.B: true")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-15"])
def test_the_encoding_is_the_one_that_is_declared(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a><b>Größe</b><c>x</c></a>'
    path = written(tmp_path / "a.xml", text, encoding)
    assert blocks_in(read_xml(path)) == [(BlockKind.LIST, "b: Größe\nc: x")]


def test_no_entity_of_the_file_is_resolved(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.txt", "secret words")
    text = (
        f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY m "made">]>'
        "<a><b>one &e; &m; &amp; two</b></a>"
    )
    path = written(tmp_path / "a.xml", text)
    assert blocks_in(read_xml(path)) == [(BlockKind.LIST, "b: one &e; &m; & two")]


def test_letters_by_their_web_names_are_letters(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'
    path = written(tmp_path / "a.xml", f"{doctype}<a><b>caf&eacute; &amp; th&eacute;</b></a>")
    assert blocks_in(read_xml(path)) == [(BlockKind.LIST, "b: café & thé")]
    assert events_of(read_xml(path)).remarks == []


def test_entities_that_multiply_are_not_followed(tmp_path: Path) -> None:
    read = events_of(read_xml(written(tmp_path / "a.xml", BOMB)))
    assert sum(len(page.text) for page in read.pages) < 2_000
    assert "broken" in read.remarks[0]


def test_elements_without_end_are_read_as_text(tmp_path: Path) -> None:
    read = events_of(read_xml(written(tmp_path / "a.xml", "<a>" * 3_000 + "deep words")))
    assert "deep words" in read.pages[0].text
    assert "plain text" in read.remarks[0]


def test_what_can_be_told_apart_in_a_broken_file_is_read(tmp_path: Path) -> None:
    read = events_of(read_xml(written(tmp_path / "a.xml", "<a><b>one</b><c>two<d>three")))
    assert "b: one" in read.pages[0].text
    assert "line 1" in read.remarks[0]


def test_xml_of_nothing_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        list(read_xml(written(tmp_path / "a.xml", " \n")))


def test_records_of_a_large_file_are_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f'<row id="{number}"><n>name {number}</n></row>' for number in range(500))
    path = written(
        tmp_path / "a.xml", f"<data><made>today</made><rows>{rows}</rows><end>z</end></data>"
    )
    monkeypatch.setattr("desktop.documents.readers.xml_records._MOST_IN_RECORD", 50)
    blocks = blocks_in(read_xml(path))
    assert blocks[:2] == [(BlockKind.LIST, "made: today"), (BlockKind.HEADING, "rows")]
    lines = blocks[2][1].split("\n")
    assert lines[:2] == ["id | n", "0 | name 0"]
    assert lines[-1] == "499 | name 499"
    assert blocks[3:] == [(BlockKind.LIST, "end: z")]
