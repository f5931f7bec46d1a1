"""A model's card tells what is known, says what is not, and obeys nothing that a file wrote."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt

from desktop.domain.engine import ModelChoices
from desktop.domain.models import Approval, ModelChange, ModelChangeKind
from desktop.domain.register import RegisterRecord
from desktop.governance.model_card import model_card
from tests.support.register_record import BARE, EMBEDDER, FULL, RECORD, REFUSED, SHA256, WRITTEN


def test_the_card_tells_all_that_is_known_of_a_model() -> None:
    card = model_card(RECORD, WRITTEN)
    for told in (
        "# Full",
        "135,000,000",
        "Llama 3.2 Community License",
        "700 million",
        "no legal advice",
        "partner, 2026-11-18",
        "for letters",
        "305.0 tokens a second",
        "95.5 tokens a second",
        "after 1.70 s",
        "246 MB",
        "median of 5 runs, each reading 512 tokens and writing 128 behind them",
        "| Context tokens | 2048 |",
        "| Adapter legal | 0.5 |",
        "1.10 times the plain speed",
        "One of this office's own",
        f"{SHA256}  Otto's full.gguf",
        "sha256sum '/models/Otto'\\''s full.gguf'",
        "None have been run on this model yet.",
    ):
        assert told in card, told


def test_the_card_says_what_is_not_known() -> None:
    card = model_card(RegisterRecord(BARE), WRITTEN)
    assert "The file states no licence: ask where it came from" in card
    assert "nobody has approved this model" in card
    assert "not measured; “carrel models bench bare”" in card
    assert "Nothing has happened to it since it came." in card
    assert "The file has none" in card


def test_a_refused_file_says_why_and_gives_no_checksum_to_compare() -> None:
    card = model_card(RegisterRecord(REFUSED), WRITTEN)
    assert "refused: it is empty" in card
    assert "None was recorded." in card


def test_a_model_of_several_files_is_checked_by_the_program_that_knows_them() -> None:
    parts = replace(FULL, parts=("/models/full-00002-of-00002.gguf",))
    for entry in (parts, EMBEDDER):
        card = model_card(RegisterRecord(entry), WRITTEN)
        assert "sha256sum" not in card
        assert f"carrel models verify {entry.id}" in card
    assert "full-00002-of-00002.gguf" in model_card(RegisterRecord(parts), WRITTEN)


def test_a_model_that_writes_no_answers_has_no_template_and_no_question_sets() -> None:
    card = model_card(RegisterRecord(EMBEDDER), WRITTEN)
    assert "turns passages into vectors" in card
    for absent in ("Chat template", "Question sets", "tokens a second"):
        assert absent not in card


def test_what_a_file_wrote_becomes_no_link_no_picture_no_heading_and_no_table_row() -> None:
    hostile = "A![x](file://host/x.png) [y](http://host) <img src=x> | b\n# Heading\n```\n`c`"
    entry = replace(
        FULL,
        name=hostile,
        origin=hostile,
        maker=hostile,
        licence=hostile,
        licence_link="javascript:alert(1)",
        approval=Approval(hostile, WRITTEN, hostile),
        chat_template="```\n# Heading\n````\n![x](file://host/x.png)",
    )
    change = ModelChange("full", WRITTEN, hostile, ModelChangeKind.RENAMED, hostile, hostile)
    card = model_card(RegisterRecord(entry, (change,), ModelChoices()), WRITTEN)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(card)
    inline = [child for token in tokens for child in token.children or ()]
    assert not {"link_open", "image", "html_inline"} & {child.type for child in inline}
    assert not [token for token in tokens if token.type == "html_block"]
    headings = [token for token in tokens if token.type == "heading_open"]
    expected = model_card(RECORD, WRITTEN).count("\n## ") + 1
    assert len(headings) == expected


def test_the_history_stands_newest_first_with_who_and_what() -> None:
    card = model_card(RECORD, WRITTEN)
    assert card.index("| partner | approved |") < card.index("| clerk | imported |")
