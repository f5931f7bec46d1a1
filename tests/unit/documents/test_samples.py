"""The sample collection: ten documents that are read whole, and three questions they answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.documents import DocumentKind
from tests.unit.documents.reading import opened, pages_of

PROJECT = Path(__file__).resolve().parents[3]
SAMPLES = PROJECT / "resources" / "samples"
QUESTIONS = json.loads(
    (PROJECT / "resources" / "sample_questions.json").read_text(encoding="utf-8")
)


def test_there_are_ten_samples_of_every_kind_and_they_are_small() -> None:
    files = sorted(SAMPLES.iterdir())
    assert len(files) == 10
    kinds = {opened(path).kind for path in files}
    assert {DocumentKind.PDF, DocumentKind.DOCX, DocumentKind.TEXT} <= kinds
    assert sum(path.stat().st_size for path in files) < 500_000


@pytest.mark.parametrize("question", QUESTIONS, ids=[row["file"] for row in QUESTIONS])
def test_each_question_is_answered_by_one_passage_on_the_page_named(
    question: dict[str, str | int | None],
) -> None:
    path = SAMPLES / str(question["file"])
    places = [page.number for page in pages_of(path) if str(question["passage"]) in page.text]
    assert places == [question["page"] or 1]
    assert opened(path).unit.numbered == (question["page"] is not None)
    assert str(question["answer"]) in str(question["passage"])


def test_the_lease_has_its_clauses_as_headings() -> None:
    pages = pages_of(SAMPLES / "lease.pdf")
    paths = [block.heading_path for page in pages for block in page.blocks]
    assert ("Lease of Workshop Premises", "2. Rent") in paths
    assert len(pages) == 2


def test_the_script_makes_the_samples_again_byte_for_byte(tmp_path: Path) -> None:
    script = PROJECT / "installers" / "make_samples.py"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, script, tmp_path], check=True, env=environment, timeout=120)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 6
    for path in made:
        assert path.read_bytes() == (SAMPLES / path.name).read_bytes(), path.name
