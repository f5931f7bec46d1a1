"""Dates as files state them, in one notation."""

from __future__ import annotations

import pytest

from desktop.documents.readers.stated_dates import stated_date


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01 10:00:00 +0200", "2024-05-01T10:00:00+0200"),
        ("1.5.2024", "2024-05-01"),
        ("May 1, 2024", "2024-05-01"),
        ("1 May 2024", "2024-05-01"),
        ("Wed, 01 May 2024 10:00:00 +0200", "2024-05-01T10:00:00+02:00"),
        ("2024-13-01", ""),
        ("last spring", ""),
        ("", ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_stated(stated: str, date: str) -> None:
    assert stated_date(stated) == date
