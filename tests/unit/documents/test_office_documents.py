"""The evaluation's Office documents: each gives its expected words, on its slide."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.documents import Page, PageUnit
from desktop.domain.errors import DocumentError
from tests.support.shared_data import shared_data
from tests.unit.documents.reading import opened, pages_of

FORMATS = ("xlsx", "pptx", "odt", "ods", "odp", "rtf", "doc", "xls", "ppt")
HOSTILE = (*FORMATS, "docx")


def rows_of(part: str, formats: tuple[str, ...]) -> list[dict[str, Any]]:
    listed = json.loads((shared_data(part) / "manifest.json").read_text(encoding="utf-8"))
    rows = listed["files"] if isinstance(listed, dict) else listed
    return [row for row in rows if (row.get("format") or row.get("extension")) in formats]


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub(r"\s+", " ", text)


def stands(text: str, pages: list[Page]) -> bool:
    return plain(text) in plain(" ".join(page.text for page in pages))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_expected_words_are_found(kind: str) -> None:
    rows = [row for row in rows_of("documents", (kind,)) if row["behaviour"] == "text"]
    assert rows
    for row in rows:
        path = shared_data("documents", row["path"])
        pages = pages_of(path)
        unit = opened(path).unit
        if unit is PageUnit.SLIDE:
            assert [page.number for page in pages] == list(range(1, len(pages) + 1))
            assert len(pages) == row.get("slides", len(pages))
        for expected in row["expected"]:
            on = expected.get("page") if unit.numbered else None
            assert stands(expected["text"], pages[on - 1 : on] if on else pages), expected


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_read_or_refused_in_so_many_words(kind: str) -> None:
    for row in rows_of("hostile", (kind,)):
        try:
            pages = pages_of(shared_data("hostile", row["path"]))
        except DocumentError:
            assert row["must"] not in ("text", "text_fast", "inert"), row["path"]
            continue
        assert row["must"] not in ("reject", "limit", "no_text"), row["path"]
        assert all(stands(text, pages) for text in row.get("expect", ())), row["path"]
        assert not any(stands(text, pages) for text in row.get("forbid", ())), row["path"]


def test_a_table_of_every_format_keeps_its_rows_and_columns() -> None:
    expected = "Year | Freshwater Ducks\n2019 | 120\n2020 | 135"
    for name in (
        "xlsx/xlsx_05_table_with_title.xlsx",
        "xls/legacy_sample.xls",
        "ods/odf_table_with_title_01.ods",
    ):
        assert expected in pages_of(shared_data("documents", name))[0].text
    merged = "A merged with B |  | C | A | B | C\nR1 | True | False"
    for name in ("ppt/legacy_sample.ppt", "odp/odf_presentation_01.odp"):
        assert merged in pages_of(shared_data("documents", name))[0].text


def test_headings_of_an_old_word_document_are_found_in_any_language() -> None:
    path = shared_data("documents", "doc", "greek_heading_styles.doc")
    title = "Überschriften in nicht‑englischer Sprache"
    paths = {block.heading_path for page in pages_of(path) for block in page.blocks}
    assert (title, "Vorgeschlagene Änderung") in paths


def test_old_word_documents_keep_lists_tables_and_captions() -> None:
    text = pages_of(shared_data("documents", "doc", "legacy_sample.doc"))[0].text
    assert "- You can relax and look around\n- Paddle about\n- Enjoy summer warmth" in text
    assert "1. Wear sunglasses\n2. Don’t forget to drink water\n3. Use sun cream" in text
    assert " | Food | Calories per portion\nLeaves | Ash, Elm, Maple | 50" in text


def test_files_are_left_as_they_are() -> None:
    path = shared_data("documents", "ods", "odf_table_with_title_01.ods")
    before = (path.stat().st_mtime_ns, path.read_bytes())
    pages_of(path)
    assert (path.stat().st_mtime_ns, Path(path).read_bytes()) == before


@pytest.mark.parametrize("name", ["doc/legacy_sample.doc", "xls/legacy_sample.xls"])
def test_old_files_say_who_wrote_them_and_when(name: str) -> None:
    facts = opened(shared_data("documents", name)).facts
    assert facts.author in ("Christoph Auer", "Cesar Berrospi Ramis")
    assert facts.modified.startswith("2026-07-14T") and facts.modified.endswith("Z")
