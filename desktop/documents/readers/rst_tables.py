"""The tables of reStructuredText: drawn as a grid, ruled off, or written as lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import zip_longest

from desktop.documents.readers.table_rows import row_text

_GRID_RULE = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
_SIMPLE_RULE = re.compile(r"\s*=+(?:\s+=+)+\s*")
_MOST_LINES = 5_000


def is_rule(line: str) -> bool:
    """Whether a table begins with this line."""
    return bool(_GRID_RULE.fullmatch(line) or _SIMPLE_RULE.fullmatch(line))


def table_end(lines: Sequence[str], at: int) -> int:
    """Behind the table that begins at this line, 0 where it is none."""
    grid = _GRID_RULE.fullmatch(lines[at]) is not None
    rules = 0
    for place in range(at, min(len(lines), at + _MOST_LINES)):
        line = lines[place]
        if grid and not line.lstrip().startswith(("+", "|")):
            return place if place > at + 2 else 0
        if not grid and _SIMPLE_RULE.fullmatch(line):
            rules += 1
            if rules > 1 and not (lines[place + 1 : place + 2] or [""])[0]:
                return place + 1
    return len(lines) if grid and len(lines) > at + 2 else 0


def table_text(lines: Sequence[str]) -> str:
    """One line per row."""
    rows = _grid_rows(lines) if _GRID_RULE.fullmatch(lines[0]) else _simple_rows(lines)
    return "\n".join(filter(None, map(row_text, rows)))


def listed_rows(name: str, body: Sequence[str]) -> str:
    """The rows of a `list-table` or a `csv-table`, "" for other directives."""
    rows: list[list[str]] = []
    if name == "csv-table":
        rows = [row for row in csv.reader(filter(None, body), skipinitialspace=True)]
    elif name == "list-table":
        for line in body:
            if line.startswith("* -"):
                rows.append([line[3:].strip()])
            elif line.startswith("  -") and rows:
                rows[-1].append(line[3:].strip())
            elif line.strip() and rows:
                rows[-1][-1] += " " + line.strip()
    return "\n".join(filter(None, map(row_text, rows)))


def _grid_rows(lines: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    row: list[str] = []
    for line in lines:
        if line.lstrip().startswith("+"):
            if row:
                rows.append(row)
            row = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        # A cell of several lines is one text.
        pairs = zip_longest(row, cells, fillvalue="")
        row = [f"{above} {cell}".strip() for above, cell in pairs]
    return [*rows, row] if row else rows


def _simple_rows(lines: Sequence[str]) -> list[list[str]]:
    spans = [match.span() for match in re.finditer(r"=+", lines[0])]
    ends = [start for start, _ in spans[1:]] + [None]
    rows: list[list[str]] = []
    for line in lines[1:]:
        if not line.strip() or re.fullmatch(r"[\s=-]+", line):
            continue
        cells = [line[start:end].strip() for (start, _), end in zip(spans, ends, strict=True)]
        if not cells[0] and rows:
            rows[-1] = [
                f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
    return rows
