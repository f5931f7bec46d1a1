"""A card's excerpt keeps the words that support the statement."""

from __future__ import annotations

from desktop.gui.sources.excerpt import excerpt


def test_a_short_passage_is_shown_whole() -> None:
    cut = excerpt("The rent is due.\nMonthly.", 4, 8)
    assert cut.text == "The rent is due. Monthly."
    assert cut.text[cut.start : cut.end] == "rent"


def test_a_long_passage_is_cut_between_words_around_the_span() -> None:
    text = "word " * 100 + "the needle here " + "tail " * 100
    start = text.index("needle")
    cut = excerpt(text, start, start + 6)
    assert cut.text[cut.start : cut.end] == "needle"
    assert cut.text.startswith("…word") and cut.text.endswith("…")
    assert len(cut.text) < 250


def test_a_span_outside_the_passage_marks_nothing() -> None:
    cut = excerpt("short", -50, -20)
    assert (cut.start, cut.end) == (0, 0)
    cut = excerpt("short", 90, 120)
    assert cut.start == cut.end == 5
