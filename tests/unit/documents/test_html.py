"""HTML as a person sees it: tables with their columns, numbered lists, no menus."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.documents.readers.html import read_html
from desktop.domain.documents import BlockKind
from tests.unit.documents.reading import blocks_in, events_of

Blocks = list[tuple[BlockKind, str]]


def blocks(tmp_path: Path, body: str, head: str = "") -> Blocks:
    path = tmp_path / "a.html"
    path.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return blocks_in(read_html(path))


def test_cells_keep_their_columns(tmp_path: Path) -> None:
    table = (
        "<table><caption>Sales <b>by</b> year</caption>"
        "<tr><th>Region</th><th>2021</th><th>2022</th></tr>"
        "<tr><td>North</td><td></td><td>7</td></tr>"
        "<tr><td rowspan=2>South</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
        "<tr><td colspan=2>All</td><td>16</td></tr></table>"
    )
    assert blocks(tmp_path, table) == [
        (BlockKind.CAPTION, "Sales by year"),
        (
            BlockKind.TABLE,
            "Region | 2021 | 2022\nNorth |  | 7\nSouth | 1 | 2\n | 3 | 4\nAll |  | 16",
        ),
    ]


def test_currency_and_brackets_of_their_own_columns_join_their_figures(tmp_path: Path) -> None:
    table = (
        "<table><tr><td>Revenue</td><td></td><td>$</td><td>5,120</td><td></td></tr>"
        "<tr><td>Loss</td><td></td><td>$</td><td>(310</td><td>)</td></tr>"
        "<tr><td>Change</td><td></td><td></td><td>-</td><td></td></tr></table>"
    )
    text = "Revenue | $5,120\nLoss | $(310)\nChange | -"
    assert blocks(tmp_path, table) == [(BlockKind.TABLE, text)]


def test_what_is_hidden_in_a_cell_stays_hidden(tmp_path: Path) -> None:
    cell = 'seen<script>unseen()</script><span style="display:none">unseen</span>'
    table = f"<table><tr><td>{cell}</td><td>b<sup>2</sup></td></tr></table>"
    assert blocks(tmp_path, table) == [(BlockKind.TABLE, "seen | b2")]


@pytest.mark.parametrize("cell", ["<p>{}</p>", "<div><div>{}</div></div>"])
def test_a_table_of_short_cells_is_one_whatever_they_are_made_of(tmp_path: Path, cell: str) -> None:
    rows = (("Item 1.", "Business", "4"), ("Item 2.", "Properties", "9"))
    made = "".join(
        "<tr>" + "".join(f"<td>{cell.format(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    assert blocks(tmp_path, f"<table>{made}</table>") == [
        (BlockKind.TABLE, "Item 1. | Business | 4\nItem 2. | Properties | 9")
    ]


def test_a_table_of_one_column_is_a_frame(tmp_path: Path) -> None:
    assert blocks(tmp_path, "<table><tr><td>Words</td></tr></table>") == [
        (BlockKind.PARAGRAPH, "Words")
    ]


def test_numbered_lists_keep_their_numbers(tmp_path: Path) -> None:
    body = (
        "<ol start=3><li>three<ul><li>inner</li></ul></li><li>four</li><li value=9>nine</li></ol>"
    )
    assert blocks(tmp_path, body) == [(BlockKind.LIST, "3. three\n  - inner\n4. four\n9. nine")]


def test_menus_and_feet_are_kept_apart_from_the_text(tmp_path: Path) -> None:
    body = (
        '<a href="#main">Skip to content</a><nav><ul><li>Home</li></ul></nav>'
        '<div class="navbar"><h3>Shop</h3></div><article><h1>Glue</h1><p>Warm it.</p>'
        "<footer>By Ann</footer></article><footer>Imprint</footer>"
    )
    assert blocks(tmp_path, body) == [
        (BlockKind.HEADER, "Skip to content"),
        (BlockKind.HEADER, "- Home"),
        (BlockKind.HEADER, "Shop"),
        (BlockKind.HEADING, "Glue"),
        (BlockKind.PARAGRAPH, "Warm it."),
        (BlockKind.PARAGRAPH, "By Ann"),
        (BlockKind.FOOTER, "Imprint"),
    ]


def test_a_menus_class_on_the_whole_page_hides_nothing(tmp_path: Path) -> None:
    body = '<div class="nav"><h1>Glue</h1><p>Warm it.</p></div>'
    assert blocks(tmp_path, body)[1] == (BlockKind.PARAGRAPH, "Warm it.")


def test_a_short_line_all_in_bold_is_a_heading(tmp_path: Path) -> None:
    body = (
        "<h2>Plan</h2><p><b>Key points</b></p><p>First.</p>"
        '<p style="font-weight:700">Item 2. Risk factors</p><p><b>Note:</b> not here</p>'
        "<p><b>A whole sentence.</b></p>"
    )
    kinds = [kind for kind, _ in blocks(tmp_path, body)]
    heading, paragraph = BlockKind.HEADING, BlockKind.PARAGRAPH
    assert kinds == [heading, heading, paragraph, heading, paragraph, paragraph]


def test_figures_have_captions(tmp_path: Path) -> None:
    body = '<figure><img src="http://127.0.0.1:9/a.png"><figcaption>A press</figcaption></figure>'
    assert blocks(tmp_path, body) == [(BlockKind.CAPTION, "A press")]


def test_the_head_names_author_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<html><head><title>T</title><meta name="Author" content="Ann  Lee">'
        '<meta property="article:published_time" content="2024-05-01T10:00:00Z">'
        '<meta property="article:modified_time" content="2024-06-01"></head><body>x</body></html>',
        encoding="utf-8",
    )
    facts = events_of(read_html(path)).opened.facts
    assert (facts.author, facts.created, facts.modified) == (
        "Ann Lee",
        "2024-05-01T10:00:00Z",
        "2024-06-01",
    )
