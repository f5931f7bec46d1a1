"""The model's own marks."""

from __future__ import annotations

import pytest

from desktop.chat.markers import MarkerHint, without_markers


def test_marks_are_taken_out_and_kept_as_hints_at_their_place() -> None:
    text, hints = without_markers("The rent is 900 euros [1]. Heating is extra [2, 3].")
    assert text == "The rent is 900 euros. Heating is extra."
    assert hints == (MarkerHint(21, 1), MarkerHint(39, 2), MarkerHint(39, 3))


@pytest.mark.parametrize("mark", ["[Passage 2]", "(source 2)", "【2】", "[ 2 ]"])
def test_other_spellings_of_a_mark_are_known(mark: str) -> None:
    assert without_markers(f"It is so {mark}.") == ("It is so.", (MarkerHint(8, 2),))


def test_a_mark_that_opens_a_line_leaves_no_space() -> None:
    assert without_markers("[1] The rent.")[0] == "The rent."


@pytest.mark.parametrize("text", ["`a[1]` is code", "```\nx = a[1]\n```", "[1](page)", "[ ] open"])
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert without_markers(text) == (text, ())
