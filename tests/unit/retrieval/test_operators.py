"""What is typed beside a question narrows the search and is not searched for."""

from __future__ import annotations

import pytest

from desktop.domain.retrieval import SearchFilters
from desktop.retrieval.operators import both, iso_date, take_apart


def test_each_operator_goes_to_its_filter() -> None:
    typed = take_apart(
        'rent file:lease folder:"my office" kind:pdf author:"Ann Li" heading:Term after:2023-05'
        " before:2024"
    )
    assert typed.text.split() == ["rent"]
    assert typed.filters == SearchFilters(
        files=("lease",),
        folders=("my office",),
        kinds=("pdf",),
        authors=("Ann Li",),
        headings=("Term",),
        after="2023-05",
        before="2024",
    )


@pytest.mark.parametrize("text", ["note: call Ann", "file: lease", "10:30", "x:y", "after:soon"])
def test_what_only_looks_like_an_operator_stays(text: str) -> None:
    typed = take_apart(text)
    assert typed.text == text
    assert not typed.filters.any


def test_an_operator_without_a_date_is_named() -> None:
    assert take_apart('rent after:soon before:2024 file:""').misread == ("after:soon",)


def test_words_and_phrases_can_be_left_out() -> None:
    typed = take_apart('lease -deposit -"monthly rent" twenty-one -5 a - b')
    assert typed.excluded == ("deposit", "monthly rent")
    assert typed.text.split() == ["lease", "twenty-one", "-5", "a", "-", "b"]


def test_phrases_in_quotes_stay_in_the_text() -> None:
    typed = take_apart('the "notice period" of “net rent”')
    assert typed.exact == ("notice period", "net rent")
    assert "notice period" in typed.text


@pytest.mark.parametrize(
    ("written", "date"),
    [("2024", "2024"), ("2024-3", "2024-03"), ("01.03.2024", "2024-03-01"), ("soon", "")],
)
def test_dates_are_read_in_any_notation(written: str, date: str) -> None:
    assert iso_date(written) == date


def test_filters_of_two_places_hold_together() -> None:
    given = SearchFilters(files=("a",), after="2020")
    joined = both(given, SearchFilters(files=("b",), after="2021"))
    assert joined == SearchFilters(files=("a", "b"), after="2021")
