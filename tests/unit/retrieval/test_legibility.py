"""How well an embedder reads a text shows in how finely it cuts it."""

from __future__ import annotations

from desktop.retrieval.legibility import legibility


def test_whole_words_are_read_and_single_letters_are_not() -> None:
    assert legibility("What is the monthly rent of the flat?", 8) == 1.0
    assert legibility("ما هو الإيجار الشهري للشقة", 22) == 0.0
    assert legibility("月租是多少", 5) == 0.0


def test_a_language_that_is_half_read_counts_in_part() -> None:
    half = legibility("Wie hoch ist die monatliche Miete", 13)
    assert 0.3 < half < 0.9


def test_an_embedder_that_knows_chinese_reads_it() -> None:
    assert legibility("月租是多少钱一个月", 5) == 1.0


def test_nothing_is_not_read() -> None:
    assert legibility("?!", 2) == 0.0
