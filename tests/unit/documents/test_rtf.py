"""Rich Text: structure, code pages, and what is not printed."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.documents import BlockKind, DocumentFacts
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of

FONTS = (
    rb"{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Mincho;}}"
    rb"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 Titre 2;}}"
)


def written(path: Path, body: bytes) -> Path:
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + body + b"}")
    return path


def test_headings_lists_tables_and_running_lines_are_kept(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.rtf",
        rb"{\header\pard The firm\par}{\footer\pard Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
        rb"\pard\s1\b Limits\b0\par\pard\plain Receipts are kept.{\footnote\pard A note.\par}\par"
        rb"{\listtext\'b7\tab}By rail\par{\listtext 2.\tab}By car\par"
        rb"\pard\trowd\cellx1\cellx2\intbl Item\cell Limit\cell\row"
        rb"\trowd\cellx1\cellx2\intbl Hotel\par and board\cell 120\cell\row"
        rb"\pard The end.\par",
    )
    assert blocks_of(path) == [
        (BlockKind.HEADER, "The firm"),
        (BlockKind.FOOTER, "Page 1"),
        (BlockKind.HEADING, "Limits"),
        (BlockKind.PARAGRAPH, "Receipts are kept."),
        (BlockKind.PARAGRAPH, "A note."),
        (BlockKind.LIST, "- By rail\n2. By car"),
        (BlockKind.TABLE, "Item | Limit\nHotel and board | 120"),
        (BlockKind.PARAGRAPH, "The end."),
    ]
    assert headings_over(path, "Hotel") == ("Limits",)


def test_style_names_in_other_languages_and_outline_levels_make_headings(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.rtf", rb"\pard\s2 Un\par\pard\outlinelevel0 Deux\par\pard Trois.\par"
    )
    assert [kind for kind, _ in blocks_of(path)] == [
        BlockKind.HEADING, BlockKind.HEADING, BlockKind.PARAGRAPH,
    ]  # fmt: skip


def test_every_code_page_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.rtf",
        rb"\pard Caf\'e9 \u8364?100 {\f1\'cf\'f0\'e8\'e2\'e5\'f2} {\f2\'93\'fa\'96\'7b}"
        rb" \u-10179?\u-8704? {\uc2\u8211xx}\emdash\par",
    )
    assert pages_of(path)[0].text == "Café €100 Привет 日本 😀 –—"


def test_what_is_not_printed_is_not_read(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.rtf",
        rb"\pard Seen {\v hidden} {\deleted gone} {\*\unknown secret}"
        rb'{\field{\*\fldinst HYPERLINK "http://127.0.0.1:9"}{\fldrslt here}}'
        rb"{\pict\pngblip 89504e470d0a}{\pict\bin6 }}}}}}{\*\bkmkstart mark}\par",
    )
    assert pages_of(path)[0].text.split() == ["Seen", "here"]


def test_a_file_says_what_it_is(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.rtf",
        rb"{\info{\title \'dcber uns}{\author Ann}{\creatim\yr2020\mo3\dy4\hr5\min6}"
        rb"{\revtim\yr2021\mo1\dy2}}\pard x\par",
    )
    found = opened(path)
    assert found.title == "Über uns"
    assert found.facts == DocumentFacts("Ann", "2020-03-04T05:06", "2021-01-02T00:00")


def test_groups_without_end_and_too_many_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1 " + rb"{\b " * 50_000 + b"deep words")
    (tmp_path / "b.rtf").write_bytes(rb"{\rtf1 }}}}}} after all\par \\")
    assert pages_of(tmp_path / "a.rtf")[0].text == "deep words"
    assert "after all" in pages_of(tmp_path / "b.rtf")[0].text
