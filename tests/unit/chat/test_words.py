"""Words made comparable."""

from __future__ import annotations

import pytest

from desktop.chat.words import WordKind, words_of


def keys(text: str) -> list[str]:
    return [word.key for word in words_of(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,250", "1250"),
        ("twelve", "12"),
        ("twenty-five", "25"),
        ("3.50", "3.5"),
        ("1.234,50", "1,234.50"),
        ("5th", "5"),
        ("ended", "ends"),
        ("ending", "end"),
        ("agree-\nment", "agreement"),
        ("Jan. 5", "January 5"),
        ("landlord's", "landlord"),
    ],
)
def test_what_says_the_same_compares_as_equal(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"), [("12", "21"), ("1.5", "15"), ("twelve", "twenty"), ("2,019", "2.019")]
)
def test_different_numbers_stay_different(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_numbers_and_dates_are_hard_and_names_are_known_by_their_capitals() -> None:
    kinds = {word.key: word.kind for word in words_of("The rent of Anna Brandt is due 3 March.")}
    assert kinds["3"] is kinds["march"] is WordKind.NUMBER
    assert kinds["anna"] is kinds["brandt"] is WordKind.NAME
    assert kinds["rent"] is WordKind.PLAIN
    assert kinds["the"] is WordKind.STOP


def test_may_is_a_month_only_beside_a_number() -> None:
    assert WordKind.NUMBER not in {word.kind for word in words_of("The tenant May leave.")}
    assert WordKind.NUMBER in {word.kind for word in words_of("on May 5")}


def test_words_know_where_they_stand() -> None:
    text = "Rent: 900 euros"
    assert [text[word.start : word.end] for word in words_of(text)] == ["Rent", "900", "euros"]
