"""Title, author and dates as Word documents and Markdown texts state them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from desktop.documents.readers.front_matter import front_matter
from tests.unit.documents.reading import opened, pages_of


@pytest.mark.parametrize(
    "facts",
    [
        '---\ntitle: "On Glue"\nauthor: Ann Lee\ndate: 2024-05-01\nupdated: 1 June 2024\n---\n',
        '+++\ntitle = "On Glue"\nauthor = "Ann Lee"\ndate = 2024-05-01\n'
        "lastmod = 2024-06-01\n+++\n",
        "---\ntitle: On Glue # draft\nauthors:\n  - name: Ann Lee\ncreated: 2024-05-01\n"
        "modified: 2024-06-01\ntags: [a, b]\n---\n",
    ],
)
def test_markdown_says_above_its_text_who_wrote_it_and_when(tmp_path: Path, facts: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(facts + "# Bone\n\nBoil it.\n", encoding="utf-8")
    found = opened(path)
    assert (found.title, found.facts.author) == ("On Glue", "Ann Lee")
    assert (found.facts.created, found.facts.modified) == ("2024-05-01", "2024-06-01")
    assert pages_of(path)[0].text == "Bone\n\nBoil it."


@pytest.mark.parametrize("text", ["---\n\nwords\n\n---\nmore", "---\nno end: here\n", "words"])
def test_a_rule_above_the_text_is_no_facts(text: str) -> None:
    assert front_matter(text) == ({}, text)


def test_a_word_document_says_who_wrote_it_and_when(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Boil it.")
    said = document.core_properties
    said.title, said.author = "On Glue", "Ann Lee"
    said.created = datetime(2024, 5, 1, 10, 0, tzinfo=UTC)
    said.modified = datetime(2024, 6, 1, 10, 0, tzinfo=UTC)
    document.save(str(tmp_path / "a.docx"))
    found = opened(tmp_path / "a.docx")
    assert (found.title, found.facts.author) == ("On Glue", "Ann Lee")
    assert found.facts.created.startswith("2024-05-01T10:00")
    assert found.facts.modified.startswith("2024-06-01T10:00")
