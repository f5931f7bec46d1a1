"""Reading order of lines that come without any: table rows, columns, one block after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from desktop.documents.layout.lines import (
    PrintedLine,
    joined_box,
    shares_column,
)
from desktop.documents.layout.order import placed_in_order

# Two columns of prose have long lines on both sides; a row of a table has a short cell.
_SHORT_CELL = 18
_MOST_SINGLE_ROWS = 2
_LEAST_ROWS = 2
_MOST_HEADER_ROWS = 4


def in_scattered_order(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Return the lines as a person reads them, the cells of a row joined into one line."""
    rows = _rows(lines)
    tables = list(_tables(rows))
    taken = {id(line) for table in tables for row in table for line in row}
    runs = [[_joined_row(row) for row in _with_one_header(table)] for table in tables]
    runs += _chains([line for line in lines if id(line) not in taken])
    runs.sort(key=_left_then_top)
    return placed_in_order(runs)


def _left_then_top(run: Sequence[PrintedLine]) -> tuple[float, float]:
    box = joined_box([line.box for line in run])
    return box.left, box.top


def _rows(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Lines side by side, from the top; each row from the left."""
    rows: list[list[PrintedLine]] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        if rows and _beside(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box.left) for row in rows]


def _beside(one: PrintedLine, other: PrintedLine) -> bool:
    overlap = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return overlap > 0.5 * min(one.height, other.height) and not shares_column(one.box, other.box)


def _tables(rows: Sequence[list[PrintedLine]]) -> list[list[list[PrintedLine]]]:
    """Stretches of rows with several cells, few single ones among them."""
    tables: list[list[list[PrintedLine]]] = []
    stretch: list[list[PrintedLine]] = []
    taken = 0
    for place, row in enumerate([*rows, []]):
        if row and (len(row) > 1 or stretch) and _goes_on(stretch, row):
            stretch.append(row)
            continue
        begin, length = place - len(stretch), len(stretch)
        while stretch and len(stretch[-1]) == 1:
            stretch.pop()
        if _is_table(stretch):
            above = _header_above(rows[taken:begin], stretch)
            tables.append([*above, *stretch])
            taken = begin + length
        stretch = [row] if len(row) > 1 else []
    return tables


def _header_above(
    rows: Sequence[list[PrintedLine]], table: Sequence[list[PrintedLine]]
) -> list[list[PrintedLine]]:
    """The rows right above a table that hold parts of its header."""
    whole = joined_box([line.box for row in table for line in row])
    top, found = whole.top, list[list[PrintedLine]]()
    for row in reversed(rows[-_MOST_HEADER_ROWS:]):
        box = joined_box([line.box for line in row])
        is_near = top - box.bottom < 1.2 * max(line.height for line in row)
        is_narrow = all(line.width < 0.5 * (whole.right - whole.left) for line in row)
        if not (
            is_near and is_narrow and whole.left - 5 < box.left and box.right < whole.right + 5
        ):
            break
        found.insert(0, row)
        top = box.top
    return found


def _with_one_header(table: list[list[PrintedLine]]) -> list[list[PrintedLine]]:
    """The table with the lines of its header's cells, one below the other, put together."""
    body = next(
        (place for place, row in enumerate(table) if any(map(_holds_figure, row))), len(table)
    )
    if not 1 < body < len(table):
        return table
    cells: list[PrintedLine] = []
    for line in (line for row in table[:body] for line in row):
        above = [cell for cell in cells if shares_column(cell.box, line.box)]
        if len(above) != 1:
            cells.append(line)
            continue
        text = f"{above[0].text} {line.text}"
        whole = replace(above[0], text=text, box=joined_box([above[0].box, line.box]))
        cells[cells.index(above[0])] = whole
    return [sorted(cells, key=lambda cell: cell.box.left), *table[body:]]


def _holds_figure(line: PrintedLine) -> bool:
    return any(map(str.isdigit, line.text))


def _joined_row(row: Sequence[PrintedLine]) -> PrintedLine:
    return PrintedLine(
        "\t".join(line.text for line in row),
        joined_box([line.box for line in row]),
        median(line.size for line in row),
        all(line.bold for line in row),
        tuple((line.box.left, line.box.right) for line in row) if len(row) > 1 else (),
    )


def _goes_on(stretch: Sequence[list[PrintedLine]], row: list[PrintedLine]) -> bool:
    if not stretch:
        return True
    if all(len(each) == 1 for each in [*stretch[-_MOST_SINGLE_ROWS:], row]):
        return False
    last = joined_box([line.box for line in stretch[-1]])
    gap = min(line.box.top for line in row) - last.bottom
    return gap < 3 * max(line.height for line in row)


def _is_table(stretch: Sequence[list[PrintedLine]]) -> bool:
    several = [row for row in stretch if len(row) > 1]
    if len(several) < _LEAST_ROWS:
        return False
    return median(min(len(line.text) for line in row) for row in several) < _SHORT_CELL


def _chains(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Lines one below the other, with nothing else above or below in their columns."""
    by_top = sorted(lines, key=lambda line: line.box.top)
    below = {
        id(line): _nearest_below(line, by_top[index + 1 :]) for index, line in enumerate(by_top)
    }
    above: dict[int, int] = {}
    for followers in below.values():
        for line in followers:
            above[id(line)] = above.get(id(line), 0) + 1
    chains: list[list[PrintedLine]] = []
    ends: dict[int, list[PrintedLine]] = {}
    for line in by_top:
        chain = ends.get(id(line))
        if chain is None:
            chain = []
            chains.append(chain)
        chain.append(line)
        followers = below[id(line)]
        if len(followers) == 1 and above[id(followers[0])] == 1:
            ends[id(followers[0])] = chain
    return chains


def _nearest_below(line: PrintedLine, lower: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines right below, side by side where there are several."""
    found: list[PrintedLine] = []
    for other in lower:
        if other.box.top > line.box.bottom + 4 * line.height:
            break
        overlaps = min(line.box.right, other.box.right) > max(line.box.left, other.box.left)
        if not overlaps or other.box.top < line.box.top + 0.3 * line.height:
            continue
        if not any(shares_column(each.box, other.box) for each in found):
            found.append(other)
    return found
