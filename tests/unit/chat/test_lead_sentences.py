"""Which sentences are shown to a small model."""

from __future__ import annotations

from desktop.chat.lead_sentences import lead_sentences
from tests.support.fake_embedder import FakeEmbedder
from tests.unit.chat.passages import passage


def leads(question: str, text: str, count: int = 1) -> list[str]:
    return lead_sentences(question, [passage(text)], FakeEmbedder().embed, count)


def test_the_sentence_that_shares_the_questions_rare_words_comes_first() -> None:
    text = "The rent is due monthly. The deposit is held by a bank. The flat has two rooms."
    assert leads("Who holds the deposit?", text) == ["The deposit is held by a bank."]


def test_a_heading_finds_its_sentence_and_is_not_shown() -> None:
    text = "Section 9.4 Governing Law. The courts of Ohio decide. The parties meet twice a year."
    assert leads("What is the governing law?", text) == ["The courts of Ohio decide."]


def test_the_number_of_a_clause_is_left_out() -> None:
    text = "Section 7.1 This Agreement shall continue until January. Nothing else is agreed here."
    assert leads("Until when does the agreement continue?", text) == [
        "This Agreement shall continue until January."
    ]


def test_a_row_of_a_table_is_no_heading() -> None:
    text = "Stock and Goods\tCalder Mutual\nMachines\tFenn Union\nThe cover is renewed each spring."
    assert leads("Who insures the stock and the goods?", text) == ["Stock and Goods Calder Mutual"]


def test_without_a_wish_for_any_there_are_none() -> None:
    assert leads("Who?", "The rent is due monthly.", 0) == []
