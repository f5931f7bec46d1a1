"""JSON, JSON lines and notebooks: names and values as a person would look for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop.documents.readers.json_text import read_json
from desktop.domain.documents import BlockKind
from tests.unit.documents.reading import blocks_in, events_of

Blocks = list[tuple[BlockKind, str]]


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def blocks(path: Path) -> Blocks:
    return blocks_in(read_json(path))


def test_names_stand_before_their_values_and_over_what_is_long(tmp_path: Path) -> None:
    value: dict[str, Any] = {
        "name": "Lease",
        "rent": {"amount": 1200, "currency": "EUR"},
        "tags": ["a", "b"],
        "none": None,
        "terms": "The tenant pays on the first day. " * 20,
        "paid": True,
    }
    path = written(tmp_path / "a.json", value)
    plain = "name: Lease\nrent.amount: 1200\nrent.currency: EUR\ntags: a, b\npaid: true"
    assert blocks(path) == [
        (BlockKind.LIST, plain),
        (BlockKind.HEADING, "terms"),
        (BlockKind.PARAGRAPH, value["terms"].strip()),
    ]
    assert events_of(read_json(path)).opened.title == "Lease"


def test_records_that_are_alike_are_a_table(tmp_path: Path) -> None:
    records = [{"sku": f"A-{number}", "size": {"w": number}} for number in range(3)]
    path = written(tmp_path / "a.json", {"items": records})
    table = "sku | size.w\nA-0 | 0\nA-1 | 1\nA-2 | 2"
    assert blocks(path) == [(BlockKind.HEADING, "items"), (BlockKind.TABLE, table)]


def test_rows_of_plain_values_are_a_table(tmp_path: Path) -> None:
    rows = [["Kind", "Price"], *([f"kind {number} of a binding", number] for number in range(99))]
    ((kind, text),) = blocks(written(tmp_path / "a.json", rows))
    assert kind is BlockKind.TABLE
    assert text.split("\n")[:2] == ["Kind | Price", "kind 0 of a binding | 0"]
    gap = [[None, 1], [2, None]] * 300
    assert blocks(written(tmp_path / "b.json", gap))[0][1].startswith(" | 1\n2\n | 1")


def test_figures_stay_as_they_are_written(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", '{"a": 1.50, "b": 123456789012345678901, "c": 1e400}')
    assert blocks(path) == [(BlockKind.LIST, "a: 1.50\nb: 123456789012345678901\nc: 1e400")]


def test_sections_of_unlike_records_are_named_after_them(tmp_path: Path) -> None:
    records = [
        {"title": "First", "body": "Long words of the first. " * 40},
        {"title": "Second", "parts": [{"a": "b"}, "c"]},
    ]
    pages = events_of(read_json(written(tmp_path / "a.json", records))).pages
    paths = {block.heading_path for page in pages for block in page.blocks}
    assert paths == {("First",), ("First", "body"), ("Second",)}


def test_lines_of_json_are_records_and_a_broken_one_costs_itself_alone(tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "word": "x" * 9}) for number in range(20)]
    path = written(tmp_path / "a.jsonl", "\n".join([*lines, '{"id": 20, "wo']))
    ((kind, text),) = blocks(path)
    assert kind is BlockKind.TABLE
    assert text.split("\n")[:2] == ["id | word", "0 | xxxxxxxxx"]
    assert text.endswith('{"id": 20, "wo')
    assert "read as plain text: 1." in events_of(read_json(path)).remarks[0]


@pytest.mark.parametrize("text", ['{"a": 1,\n "b": [1,2\n "words"}', "[" * 5_000 + '"words"'])
def test_broken_json_is_read_as_plain_text_and_says_so(tmp_path: Path, text: str) -> None:
    read = events_of(read_json(written(tmp_path / "a.json", text)))
    assert '"words"' in read.pages[0].text
    assert "plain text" in read.remarks[0]


def test_deep_nesting_is_no_recursion(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", '{"a":' * 900 + '"words"' + "}" * 900)
    assert blocks(path) == [(BlockKind.LIST, "a.a.a.a.a.a: words")]


def test_a_long_list_is_read_value_by_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.documents.readers.json_text._WHOLE_BYTES", 1_000)
    monkeypatch.setattr("desktop.documents.charset._PIECE", 700)
    records = [{"number": number, "words": f"words {number}"} for number in range(2_000)]
    whole = events_of(read_json(written(tmp_path / "a.json", json.dumps(records, indent=1))))
    rows = [line for page in whole.pages for line in page.text.split("\n")]
    assert [row for row in rows if row.startswith(("0 ", "1999 "))] == [
        "0 | words 0",
        "1999 | words 1999",
    ]
    assert sum(" | words " in row for row in rows) == 2_000
    assert whole.remarks == []
    cut = events_of(read_json(written(tmp_path / "b.json", json.dumps(records)[:-200])))
    assert "from there on" in cut.remarks[0]


def test_a_large_object_is_read_down_to_its_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.documents.readers.json_text._WHOLE_BYTES", 1_000)
    monkeypatch.setattr("desktop.documents.charset._PIECE", 700)
    places = [{"kind": "Press", "at": [number, 2]} for number in range(300)]
    value = {"type": "Places", "places": places, "by": {"name": "Ann"}}
    read = events_of(read_json(written(tmp_path / "a.json", value)))
    lines = [line for page in read.pages for line in page.text.split("\n") if line]
    assert lines[:4] == ["type: Places", "places", "kind | at", "Press | 0, 2"]
    assert lines[-2:] == ["Press | 299, 2", "by.name: Ann"]
    assert read.remarks == []


def test_a_notebook_is_its_notes_its_code_and_what_it_printed(tmp_path: Path) -> None:
    picture = {"data": {"text/plain": "42", "image/png": "iVBO"}}
    cells = [
        {"cell_type": "markdown", "source": ["# Plan\n", "Some *words*."]},
        {"cell_type": "code", "source": "def f():\n    return 42", "outputs": [picture]},
    ]
    value = {"nbformat": 4, "metadata": {"authors": [{"name": "Ann"}]}, "cells": cells}
    path = written(tmp_path / "a.ipynb", value)
    assert blocks(path) == [
        (BlockKind.HEADING, "Plan"),
        (BlockKind.PARAGRAPH, "Some words."),
        (BlockKind.CODE, "def f():\n    return 42"),
        (BlockKind.CODE, "42"),
    ]
    opened = events_of(read_json(path)).opened
    assert (opened.title, opened.facts.author) == ("Plan", "Ann")
