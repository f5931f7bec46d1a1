"""Sentences end where a reader would say so."""

from __future__ import annotations

import pytest

from desktop.indexing.sentences import line_spans, sentence_spans


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("It rose by 3.5 percent. Nobody saw why.", 2),
        ("Mr. Brandt met Dr. Ito. They talked.", 2),
        ("See No. 5 and Fig. 2 for more. It is there.", 2),
        ("J. R. Miller signed. The witness did not.", 2),
        ('She said "Yes." He left.', 2),
        ("Is it? It is! Well.", 3),
        ("本合同有效。双方已签字。", 2),
        ("A heading\n\nA paragraph without an end", 2),
        ("no end at all", 1),
        ("   ", 0),
    ],
)
def test_sentences_are_counted_as_a_reader_would(text: str, count: int) -> None:
    assert len(_sentences(text)) == count


def test_a_sentence_may_run_over_printed_lines() -> None:
    assert _sentences("The rent is due\non the third\nday. Then it is late.") == [
        "The rent is due\non the third\nday.",
        "Then it is late.",
    ]


def test_spans_stay_inside_what_was_asked_for() -> None:
    text = "Before. Inside one. Inside two. After."
    spans = sentence_spans(text, 8, 31)
    assert [text[start:end] for start, end in spans] == ["Inside one.", "Inside two."]


def test_lines_that_are_blank_are_left_out() -> None:
    text = "a | b\n\n  c | d  \n"
    assert [text[start:end] for start, end in line_spans(text, 0, len(text))] == ["a | b", "c | d"]
