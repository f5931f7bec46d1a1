"""Numbers of a spreadsheet are shown as its formats say."""

from __future__ import annotations

import pytest

from desktop.documents.readers.number_formats import BUILT_IN, NumberFormats, general

SHOWN = [
    ("General", 0.30000000000000004, "0.3"),
    ("General", 1234567.0, "1234567"),
    ("General", 1e20, "1E+20"),
    ("0.00", 1.005, "1.01"),
    ("0", 2.5, "3"),
    ("#,##0.00", -1234567.891, "-1,234,567.89"),
    ("#,##0;(#,##0)", -1234.0, "(1,234)"),
    ('_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', -1234.5, "(1,234.50)"),
    ('_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', 0.0, "-"),
    ("0.00%", 0.2567, "25.67%"),
    ("[$€-407] #,##0.00", 12.5, "€ 12.50"),
    ('#,##0.00\\ "€"', 12.5, "12.50 €"),
    ("[Red]-0.0", 5.0, "-5.0"),
    ('0.0,,"M"', 12345678.0, "12.3M"),
    ('[>=1000]#,##0,"k";0', 1500.0, "2k"),
    ('[>=1000]#,##0,"k";0', 15.0, "15"),
    ("000-00-0000", 123456789.0, "123-45-6789"),
    ("(###) ###-####", 5551234567.0, "(555) 123-4567"),
    ("00000", 42.0, "00042"),
    ("0.###", 1.0, "1"),
    ("0.00E+00", 123456.0, "1.23E+05"),
    ("# ?/?", 1.5, "1 1/2"),
    (";;;", 5.0, ""),
    ("GENERAL", 5.5, "5.5"),
    ("0.00 USD", 12.5, "12.50 USD"),
    ("#,##0 EUR", 1200.0, "1,200 EUR"),
    ("yyyy年m月d日", 45000.0, "2023年3月15日"),
    ('"Yes";"No";"Off"', 0.0, "Off"),
    ("d.m.yyyy hh:mm", 45000.75, "15.3.2023 18:00"),
    ("dddd, mmmm d, yyyy", 45000.0, "Wednesday, March 15, 2023"),
    ("mmm-yy", 43000.0, "Sep-17"),
    ("h:mm AM/PM", 0.75, "6:00 PM"),
    ("[h]:mm:ss", 1.5, "36:00:00"),
    ("mm:ss.0", 0.0123456, "17:46.6"),
    (BUILT_IN[14], 45000.0, "2023-03-15"),
    ("yyyy-mm-dd", -4.0, "-4"),
]


@pytest.mark.parametrize(("code", "value", "shown"), SHOWN)
def test_a_number_is_shown_as_its_format_says(code: str, value: float, shown: str) -> None:
    assert NumberFormats().shown(code, value) == shown


def test_days_count_from_1904_in_old_macintosh_workbooks() -> None:
    assert NumberFormats(since_1904=True).shown("yyyy-mm-dd", 1.0) == "1904-01-02"


def test_the_year_1900_has_the_leap_day_that_spreadsheets_gave_it() -> None:
    formats = NumberFormats()
    assert formats.shown("yyyy-mm-dd", 1.0) == "1900-01-01"
    assert formats.shown("yyyy-mm-dd", 59.0) == "1900-02-28"
    assert formats.shown("yyyy-mm-dd", 61.0) == "1900-03-01"


def test_every_built_in_format_shows_something() -> None:
    formats = NumberFormats()
    assert all(formats.shown(code, 45000.5) for code in BUILT_IN.values())


def test_whole_numbers_are_shown_in_full() -> None:
    assert general(123456789012.0) == "123456789012"
