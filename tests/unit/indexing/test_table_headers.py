"""A table's header as one row."""

from __future__ import annotations

import pytest

from desktop.indexing.table_headers import header_of


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (
            ["\t\tYear Ended December 31,", "\t2017\t2018\t2019", "Net sales\t$ 1\t$ 2\t$ 3"],
            "\t2017\tYear Ended December 31, 2018\t2019",
        ),
        (["Binding | A5 | A4", "Cloth | 42.00 | 58.00"], "Binding | A5 | A4"),
        (["(Millions)\t2018\t2017", "Assets", "Cash\t12\t—"], "(Millions)\t2018\t2017"),
        (["Rent\t1,200", "Heating\t310"], ""),
        (["Term\tSection", "Losses\tArticle II"], "Term\tSection"),
        ([], ""),
    ],
)
def test_the_rows_above_the_first_figures_are_one_header(rows: list[str], header: str) -> None:
    assert header_of(rows) == header
