"""The header of a table, put together from the rows that it is printed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

_MOST_ROWS = 6
_AMOUNT = re.compile(r"[-+−($€£¥\s]*[\d.,]*\d[\d.,]*\s*[%)]*|[—–-]")
_YEAR = re.compile(r"(?:19|20)\d\d")


def header_of(rows: Sequence[str]) -> str:
    """One row that names the columns, from the rows above the first with figures.

    Cells below each other are joined. "" where the table begins with figures; the first row
    where it has none within its first rows, for then it is a table of words.
    """
    cut = "\t" if any("\t" in row for row in rows[:_MOST_ROWS]) else " | "
    cells = [row.split(cut) for row in rows[:_MOST_ROWS]]
    body = next((place for place, row in enumerate(cells) if _holds_amounts(row)), None)
    if body is None:
        return rows[0] if rows else ""
    above = [row for row in cells[:body] if len(row) > 1 or row is cells[0]]
    columns = zip_longest(*above, fillvalue="")
    return cut.join(" ".join(part for part in map(str.strip, column) if part) for column in columns)


def _holds_amounts(row: Sequence[str]) -> bool:
    return any(
        _AMOUNT.fullmatch(cell.strip()) and not _YEAR.fullmatch(cell.strip()) for cell in row[1:]
    )
