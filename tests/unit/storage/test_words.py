"""Words, numbers and dates come to one form however they are written."""

from __future__ import annotations

import pytest

from desktop.storage.words.dates import date_forms
from desktop.storage.words.numbers import number_values
from desktop.storage.words.scripts import folded
from desktop.storage.words.tokens import further_forms, tokens_of


@pytest.mark.parametrize(
    "written",
    ["1,234.5", "1234.5", "1.234,5", "1 234,50", "1\u00a0234,5", "1\u202f234.5", "1'234.5"],
)
def test_a_number_is_the_same_in_every_country(written: str) -> None:
    if written == "1 234,50":
        # An ordinary space parts columns as often as thousands.
        assert tokens_of(written) == ["1", "234.5"]
    else:
        assert tokens_of(written) == ["1234.5"]


def test_a_number_that_can_be_read_in_two_ways_is_found_by_both() -> None:
    assert number_values("1.234") == ["1234", "1.234"]
    assert "1.234" in further_forms("about 1.234 metres")


@pytest.mark.parametrize("written", ["(5)", "-5", "−5", "$ (5.0)", "(5.00)"])
def test_brackets_and_minus_signs_are_negative(written: str) -> None:
    assert "-5" in further_forms(f"loss {written} in 2018")


def test_a_hyphen_between_numbers_is_no_minus() -> None:
    assert "-2020" not in further_forms("the years 2019-2020")
    assert "-001" not in further_forms("INV-001")


@pytest.mark.parametrize("written", ["12 %", "12%", "12.0 percent", "12 Prozent"])
def test_a_share_of_a_hundred_is_found_by_its_sign(written: str) -> None:
    assert "12%" in further_forms(written)


@pytest.mark.parametrize("written", ["$1.2 million", "1,2 Mio. Euro", "1.2 millones", "$1.2 m"])
def test_millions_in_words_are_millions_in_digits(written: str) -> None:
    assert "1200000" in further_forms(written)
    assert tokens_of("1,200,000") == ["1200000"]


def test_five_metres_are_no_millions() -> None:
    assert "5000000" not in further_forms("a rope of 5 m")


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-01",
        "2024/3/1",
        "1 March 2024",
        "March 1st, 2024",
        "the 1st day of March, 2024",
        "01.03.2024",
        "1.3.24",
        "1. März 2024",
        "1 de marzo de 2024",
        "1er mars 2024",
        "1 mars 2024",
        "2024年3月1日",
        "03/01/2024",
        "01/03/2024",
    ],
)
def test_a_date_is_the_same_in_every_notation(written: str) -> None:
    found = date_forms(folded(f"signed on {written} in Bonn"))
    assert "@2024-03-01" in found
    assert "@2024-03" in found


@pytest.mark.parametrize(
    "written", ["version 3.5.1", "Q2 of 2023", "13.13.2024", "1,234.5", "§ 7.2"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert date_forms(folded(written)) == []


def test_identifiers_are_found_without_their_marks() -> None:
    assert "inv2024001" in further_forms("Invoice INV-2024-001")
    assert "10k" in further_forms("Form 10-K")
    assert "ppe" in further_forms("PP&E")
    assert tokens_of("10-K") == ["10", "k"]


def test_a_fiscal_year_is_a_year() -> None:
    assert "2018" in further_forms("FY2018")
    assert "2021" in further_forms("FY21 and FY 21")


def test_words_are_stemmed_by_the_language_of_their_text() -> None:
    assert tokens_of("die Häuser", "de") == tokens_of("die Haus", "de")
    assert tokens_of("facturas", "es") == tokens_of("factura", "es")
    assert tokens_of("договоры", "ru") == tokens_of("договор", "ru")
    assert tokens_of("governs", "en") == tokens_of("governed", "en")


def test_accents_need_not_be_typed() -> None:
    found = {*tokens_of("facturación", "es"), *further_forms("facturación", "es")}
    assert found & set(tokens_of("facturacion", "es"))
    assert tokens_of("Straße", "de") == tokens_of("STRASSE", "de")


@pytest.mark.parametrize(
    "written", ["المدرسة", "والمدرسة", "مدرسة", "للمدرسة", "المَدْرَسَة", "المــدرسة"]
)
def test_arabic_words_are_found_behind_what_grows_onto_them(written: str) -> None:
    assert tokens_of(written) == tokens_of("مدرسة")


def test_arabic_letters_that_are_written_in_two_ways_are_one() -> None:
    assert tokens_of("أحمد") == tokens_of("احمد")
    assert tokens_of("مستشفى") == tokens_of("مستشفي")


def test_chinese_and_japanese_are_pairs_of_letters() -> None:
    assert tokens_of("野马队") == ["野马", "马队"]
    assert tokens_of("東京タワー") == ["東京", "京タ", "タワ", "ワー"]
    assert tokens_of("第3章") == ["第", "3", "章"]


def test_thai_and_korean_are_found_inside_their_runs() -> None:
    assert set(tokens_of("สัญญาเช่า")) >= set(tokens_of("เช่า"))
    assert set(tokens_of("계약서는")) & set(tokens_of("계약서"))


def test_tokens_hold_nothing_that_the_database_would_read_as_an_operator() -> None:
    text = 'a"b (c) ^d* NEAR x:y {z} -5 12% 1.5 @home \x00 “q” ’'
    for token in [*tokens_of(text), *further_forms(text)]:
        assert not set(token) & set("\"'()*^:{} \x00")
