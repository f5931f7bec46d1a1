"""Markdown, HTML and plain text: visible words, structure, parts of bounded size."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.documents.charset import decode
from desktop.documents.parts import PART_CHARACTERS
from desktop.domain.documents import BlockKind, PageUnit
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of

HANDBOOK = """---
owner: Priya
---
# Handbook

Words on *one*
and the [next](http://127.0.0.1:9/) line.

## Leave

- Ask early
  1. in writing
- Come back

| Kind | Days |
| --- | --- |
| Holiday | 25 |

> Quoted words.

```
code = 1
```

Setext
------

Last<br>words <!-- unseen -->

<!-- A note
<table><tr><td>of</td><td>cells</td></tr></table> -->
"""
PAGE = """<!DOCTYPE html><html><head><title>Prices &amp; terms</title>
<style>p { color: red }</style><script>var unseen = 1;</script></head><body>
<h1>Prices</h1><p>From <b>1&nbsp;April</b><br>2026.</p>
<p hidden>unseen</p><div style="display: none">unseen <p>unseen</p></div>
<h2>Bindings</h2><table><tr><th>Kind</th><th>Price</th></tr><tr><td>Cloth</td><td>42</td></tr></table>
<ul><li>First<ul><li>Inner</li></ul></li><li>Second</li></ul>
<pre>a
  b</pre><div>Loose words<p>A paragraph</p>more</div></body></html>"""


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_markdown_becomes_blocks_without_its_marks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.md", HANDBOOK)
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Handbook"),
        (BlockKind.PARAGRAPH, "Words on one and the next line."),
        (BlockKind.HEADING, "Leave"),
        (BlockKind.LIST, "- Ask early\n  1. in writing\n- Come back"),
        (BlockKind.TABLE, "Kind | Days\nHoliday | 25"),
        (BlockKind.PARAGRAPH, "Quoted words."),
        (BlockKind.CODE, "code = 1"),
        (BlockKind.HEADING, "Setext"),
        (BlockKind.PARAGRAPH, "Last\nwords"),
        (BlockKind.PARAGRAPH, "A note\n\nof | cells"),
    ]
    assert headings_over(path, "Holiday | 25") == ("Handbook", "Leave")
    assert opened(path).title == "Handbook"


def test_markdown_too_deep_for_its_parser_is_read_as_text_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.md", ">" * 5000 + " The quick brown fox.")
    assert "The quick brown fox." in pages_of(path)[0].text
    assert "plain text" in remarks_of(path)[0]


def test_html_gives_what_a_browser_shows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.html", PAGE)
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Prices"),
        (BlockKind.PARAGRAPH, "From 1 April\n2026."),
        (BlockKind.HEADING, "Bindings"),
        (BlockKind.TABLE, "Kind | Price\nCloth | 42"),
        (BlockKind.LIST, "- First\n  - Inner\n- Second"),
        (BlockKind.CODE, "a\n  b"),
        (BlockKind.PARAGRAPH, "Loose words"),
        (BlockKind.PARAGRAPH, "A paragraph"),
        (BlockKind.PARAGRAPH, "more"),
    ]
    assert headings_over(path, "Cloth | 42") == ("Prices", "Bindings")
    assert opened(path).title == "Prices & terms"


def test_html_may_nest_without_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.html", "<html>" + "<div>" * 3000 + "Deep words")
    assert pages_of(path)[0].text == "Deep words"


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis", "utf-16"])
def test_html_is_read_in_the_encoding_that_it_names(tmp_path: Path, encoding: str) -> None:
    words = "日本の鉄鋼" if encoding == "shift_jis" else "Größe und Maß"
    text = f'<html><head><meta charset="{encoding}"></head><body><p>{words}</p></body></html>'
    assert pages_of(written(tmp_path / "a.html", text, encoding))[0].text == words


def test_text_is_cut_at_blank_lines_with_evident_headings(tmp_path: Path) -> None:
    text = "NOTES\n\n1.2 Delivery\n\nGoods come\nin a week.\n\n"
    text += "Underlined\n==========\nMore.\n\n- a\n- b\n"
    path = written(tmp_path / "notes.txt", text)
    assert blocks_of(path) == [
        (BlockKind.HEADING, "NOTES"),
        (BlockKind.HEADING, "1.2 Delivery"),
        (BlockKind.PARAGRAPH, "Goods come\nin a week."),
        (BlockKind.HEADING, "Underlined"),
        (BlockKind.PARAGRAPH, "More."),
        (BlockKind.LIST, "- a\n- b"),
    ]
    assert opened(path).title == "notes"
    assert opened(path).unit is PageUnit.PART


def test_books_hold_chapters_and_chapters_hold_numbers(tmp_path: Path) -> None:
    text = "BOOK ONE: 1805\n\nChapter IV\n\n2.1 Delivery\n\nIn a week.\n\nCHAPTER V\n\nLater.\n"
    path = written(tmp_path / "a.txt", text)
    assert headings_over(path, "In a week.") == ("BOOK ONE: 1805", "Chapter IV", "2.1 Delivery")
    assert headings_over(path, "Later.") == ("BOOK ONE: 1805", "CHAPTER V")


def test_lines_of_a_log_stay_lines(tmp_path: Path) -> None:
    text = "2024-05-01 10:00:00 opened\n2024-05-01 10:00:07 closed\n"
    assert blocks_of(written(tmp_path / "a.log", text)) == [(BlockKind.LIST, text.strip())]


def test_text_that_was_encoded_twice_is_decoded_twice(tmp_path: Path) -> None:
    text = "1986–1990 Größe ‘café’"
    twice = text.encode().decode("latin-1")
    assert pages_of(written(tmp_path / "a.txt", twice))[0].text == text
    assert pages_of(written(tmp_path / "b.txt", "Â«citÃ©Â»"))[0].text == "Â«citÃ©Â»"


def test_a_late_accent_decides_the_encoding_of_a_long_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"plain words\n" * 200_000 + "Größe für alle\n".encode("cp1252") * 3)
    assert pages_of(path)[-1].text.endswith("Größe für alle")
    assert remarks_of(path) == []


def test_a_text_without_blank_lines_is_cut_into_parts(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "Words of one more line\n" * 10_000)
    found = pages_of(path)
    assert len(found) > 3
    assert sum(page.text.count("one more line") for page in found) == 10_000


def test_terminal_codes_and_control_characters_do_not_get_through(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "\x1b[31mRed\x1b[0m words \x1b]0;title\x07here and there.")
    assert pages_of(path)[0].text == "Red words here and there."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Straße, Größe und Übermut.", "utf-8"),
        ("Straße, Größe und Übermut.", "utf-8-sig"),
        ("Straße, Größe und Übermut.", "utf-16"),
        ("Straße, Größe und Übermut.", "utf-16-be"),
        ("The café closes at five, says the façade.", "cp1252"),
        ("Это обычный русский текст, в котором достаточно слов для проверки.", "cp1251"),
        ("これは日本語の文章です。文字コードを調べるための文章です。", "shift_jis"),
        ("これは日本語の文章です。文字コードを調べるための文章です。", "iso2022_jp"),
        (
            "Klucze są w szufladzie, która stoi przy oknie, a nie w szafie. Także być może.",
            "cp1250",
        ),
        ("Klíče jsou v zásuvce stolu, který stojí u okna, a ne ve skříni, až při ní.", "iso8859_2"),
        ("Anahtarlar pencerenin yanında, çünkü dolapta değil ve bu çok iyi bir şey.", "cp1254"),
        ("Это обычный русский текст, и в нём для проверки всё это как надо.", "cp866"),
        ("Über die Größe der Maße ist für alle außer ihm noch nicht gesprochen worden.", "cp850"),
        ("½ cup of flour – that’s what “she” wrote · nothing else", "cp1252"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_is_written_in(text: str, encoding: str) -> None:
    assert decode((text * 5).encode(encoding)).text == text * 5


def test_a_few_broken_bytes_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Grüße und schöne Wörter für alle.".encode() * 9 + b"\xff end")
    assert "schöne Wörter" in pages_of(path)[0].text
    assert remarks_of(path) == ["1 place did not fit the text encoding utf-8."]


def test_long_text_is_cut_between_blocks_into_parts(tmp_path: Path) -> None:
    block = "Ten words make up this line, and it goes on. " * 40
    path = written(tmp_path / "a.txt", "\n\n".join([block.strip()] * 100))
    pages = pages_of(path)
    assert len(pages) > 3
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert all(len(page.text) <= PART_CHARACTERS + 200 for page in pages)
    assert all(page.text.endswith("goes on.") for page in pages)
    assert sum(len(page.blocks) for page in pages) == 100


def test_text_without_a_single_space_is_cut_all_the_same(tmp_path: Path) -> None:
    pages = pages_of(written(tmp_path / "a.txt", "x" * 120_000))
    assert [len(page.text) for page in pages] == [50_000, 50_000, 20_000]
