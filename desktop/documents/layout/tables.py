"""Tables: stretches of lines whose cells stand below each other, aligned to their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from desktop.documents.layout.lines import PrintedLine, cell_edges

_MOST_SINGLE = 3  # rows of one cell between others: labels, and cells that run on
_NEAR = 2.6  # times the type size between a row and the next
_NEAR_ROWS = 5.0  # between two rows of several cells
_HEADER_NEAR = 6.0
_OVERLAP = 0.2  # of the narrower one, for a cell to stand in a column
_ALIGNED = 2.0  # points within which edges or middles count as one
_ALIGNED_FIGURES = 4.0  # signs behind them stand out
_LONG = 28  # letters; columns of prose have lines like these on both sides
_FULL = 0.75
_PROSE_ROWS = 4
_CLOSE = 12.0  # points between two columns that may be one
_FEW = 0.25  # share of the rows in which a column of its own has cells
_MARKER = re.compile(
    r"[•‣◦▪●○■□❖➢✓\uf0b7–—*-]|[*†]?\(?(?:[A-Za-z]|[ivxl]{1,5}|\d{1,3}(?:\.\d+)*(?:\.[A-Z]{3})?)[.)*]*"
)
_ITEM = 25  # letters, at the least half of a list's items are longer
_SIGN_BEFORE = re.compile(r"[$€£¥]|[A-Z]{0,2}\$|\(|[$€£¥]?\s*\(")
_SIGN_AFTER = re.compile(r"[%)]+")
_LEADER = re.compile(r"[.\s_·…-]+")


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    left: float
    right: float


_Row = list[_Cell]


def tables_among(
    lines: Sequence[PrintedLine],
) -> Iterator[tuple[int, int, list[PrintedLine]]]:
    """The stretches [first, end) of lines in reading order that are tables, and their rows.

    A row has a tab between columns, empty cells included, and as `cells` the columns' edges.
    """
    start = done = 0
    while start < len(lines):
        if lines[start].columns < 2:
            start += 1
            continue
        end = _stretch_end(lines, start)
        rows = [_cells(line) for line in lines[start:end]]
        if columns := _table_columns(rows):
            first = _header_start(lines, done, start, columns)
            if first < start:
                rows = [_cells(line) for line in lines[first:end]]
                columns = _columns([row for row in rows if len(row) > 1])
            yield first, end, _aligned(lines[first:end], rows, columns)
            done = end
        start = end


def _table_columns(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """The columns that cells of several rows stand in; none for lists and prose."""
    several = [row for row in rows if len(row) > 1]
    if len(several) < 2 or _is_list(several):
        return []
    columns = _columns(several)
    if len(columns) < 2 or _is_prose(several, columns) or not _stand_aligned(several, columns):
        return []
    return columns


def _aligned(
    lines: Sequence[PrintedLine], rows: Sequence[_Row], columns: list[tuple[float, float]]
) -> list[PrintedLine]:
    # A row ends where it ends: a word broken there goes on below in its column, not in its row.
    return [
        replace(line, text=_row_text(row, columns), cells=tuple(columns), hyphenated=False)
        for line, row in zip(lines, rows, strict=True)
    ]


def with_columns_parted(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines with those that run across columns of prose cut apart, column after column."""
    if sum(line.columns > 1 for line in lines) < _PROSE_ROWS:
        return list(lines)
    parted: list[PrintedLine] = []
    start = 0
    while start < len(lines):
        end = _stretch_end(lines, start) if lines[start].columns > 1 else start + 1
        parted += _prose_columns(lines[start:end])
        start = end
    return parted


def _prose_columns(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    cells = sum(line.columns for line in lines)
    if len(lines) < _PROSE_ROWS or sum(len(line.text) for line in lines) < 0.7 * _LONG * cells:
        return list(lines)
    rows = [row for line in lines if len(row := _plain_cells(line)) > 1]
    columns = _columns(rows) if len(rows) >= _PROSE_ROWS else []
    if len(columns) < 2 or not _is_prose(rows, columns):
        return list(lines)
    parted: list[list[PrintedLine]] = [[] for _ in columns]
    for line in lines:
        for cell in _plain_cells(line):
            box = replace(line.box, left=cell.left, right=cell.right)
            piece = replace(line, text=cell.text, box=box, cells=())
            parted[_column_of(cell, columns)].append(piece)
    return [piece for column in parted for piece in column]


def _stretch_end(lines: Sequence[PrintedLine], start: int) -> int:
    """Behind the last line of several cells that the first is followed by closely."""
    end, single = start + 1, 0
    for index in range(start + 1, len(lines)):
        line, before = lines[index], lines[index - 1]
        gap = line.box.top - before.box.bottom
        near = _NEAR if 1 in (line.columns, before.columns) else _NEAR_ROWS
        if not -line.size < gap < near * max(line.size, before.size):
            break
        if line.columns > 1:
            end, single = index + 1, 0
            continue
        single += 1
        if single > _MOST_SINGLE or not line.upright:
            break
    return end


def _header_start(
    lines: Sequence[PrintedLine], earliest: int, start: int, columns: Sequence[tuple[float, float]]
) -> int:
    """Where the table begins that goes on at `start`: its header may stand well above it."""
    first = start
    for index in range(start - 1, max(earliest, start - 1 - _MOST_SINGLE) - 1, -1):
        line = lines[index]
        gap = lines[index + 1].box.top - line.box.bottom
        if gap < -line.size or gap > _HEADER_NEAR * line.size:
            break
        if line.columns > 1:
            rows = [_cells(each) for each in (line, *lines[start : start + 8])]
            first = index if _table_columns(rows) else first
        elif _stands_over(line, columns) and first == index + 1:
            first = index
    return first


def _stands_over(line: PrintedLine, columns: Sequence[tuple[float, float]]) -> bool:
    """True for a line over the later columns alone: what their figures have in common."""
    first, last = columns[1][0] - 2 * line.size, columns[-1][1] + line.size
    return line.upright and first < line.box.left and line.box.right < last


def _plain_cells(line: PrintedLine) -> _Row:
    texts = line.text.split("\t")
    return [_Cell(text, *edge) for text, edge in zip(texts, cell_edges(line), strict=True)]


def _cells(line: PrintedLine) -> _Row:
    """The line's cells, signs with their figures, leaders of dots left out."""
    cells: _Row = []
    sign: _Cell | None = None
    for plain in _plain_cells(line):
        cell = plain if sign is None else _Cell(f"{sign.text} {plain.text}", sign.left, plain.right)
        sign = None
        if _SIGN_BEFORE.fullmatch(cell.text):
            sign = cell
        elif cells and _SIGN_AFTER.fullmatch(cell.text):
            cells[-1] = _Cell(f"{cells[-1].text} {cell.text}", cells[-1].left, cell.right)
        elif not _LEADER.fullmatch(cell.text) or len(cell.text.strip()) < 3:
            cells.append(cell)
    return [*cells, sign] if sign else cells


def _columns(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """The columns' edges from the left; cells across several columns do not count."""
    columns: list[tuple[float, float]] = []
    for row in sorted(rows, key=len, reverse=True):
        for cell in row:
            touched = [column for column in columns if _meets(cell, column)]
            if len(touched) > 1:
                continue
            edges = (cell.left, cell.right)
            if touched:
                columns.remove(touched[0])
                edges = (min(edges[0], touched[0][0]), max(edges[1], touched[0][1]))
            columns.append(edges)
    return _without_slivers(sorted(columns), rows)


def _without_slivers(
    columns: list[tuple[float, float]], rows: Sequence[_Row]
) -> list[tuple[float, float]]:
    """Join a column of few cells, or one close by, with a neighbour that has none beside them."""
    held: list[set[int]] = [set() for _ in columns]
    for number, row in enumerate(rows):
        for cell in row:
            held[_column_of(cell, columns)].add(number)
    kept: list[tuple[tuple[float, float], set[int]]] = []
    for column, numbers in zip(columns, held, strict=True):
        if kept and not kept[-1][1] & numbers:
            (left, right), before = kept[-1]
            is_near = column[0] - right < _CLOSE
            if is_near or min(len(before), len(numbers)) <= _FEW * len(rows):
                kept[-1] = ((left, column[1]), before | numbers)
                continue
        kept.append((column, numbers))
    return [column for column, _ in kept]


def _meets(cell: _Cell, column: tuple[float, float]) -> bool:
    left, right = column
    if cell.right <= left or cell.left >= right:
        return False
    overlap = min(cell.right, right) - max(cell.left, left)
    return overlap > _OVERLAP * min(cell.right - cell.left, right - left)


def _column_of(cell: _Cell, columns: Sequence[tuple[float, float]]) -> int:
    """The column that the cell fills most, the first of several alike, or the nearest."""
    best, most = -1, 0.0
    for index, (left, right) in enumerate(columns):
        if right > cell.left and left < cell.right:
            overlap = min(cell.right, right) - max(cell.left, left)
            if overlap > 1.25 * most:
                best, most = index, overlap
    if best >= 0:
        return best
    middle = (cell.left + cell.right) / 2
    return min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))


def _row_text(row: _Row, columns: Sequence[tuple[float, float]]) -> str:
    places: list[list[str]] = [[] for _ in columns]
    for cell in row:
        places[_column_of(cell, columns)].append(cell.text)
    return "\t".join(" ".join(place) for place in places).rstrip("\t")


def _is_list(rows: Sequence[_Row]) -> bool:
    marked = all(len(row) == 2 and _MARKER.fullmatch(row[0].text) for row in rows)
    return marked and median(len(row[1].text) for row in rows) > _ITEM


def _stand_aligned(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """True where most cells behind the first column share an edge or their middle with others."""
    stops: list[list[_Cell]] = [[] for _ in columns]
    for row in rows:
        for cell in row:
            stops[_column_of(cell, columns)].append(cell)
    later = [cell for cells in stops[1:] for cell in cells]
    figures = sum(any(map(str.isdigit, cell.text)) for cell in later)
    slack = _ALIGNED_FIGURES if figures > 0.5 * len(later) else _ALIGNED
    held = sum(_in_line(cells, slack) for cells in stops[1:] if len(cells) > 1)
    return held >= 2 and held > 0.5 * len(later)


def _in_line(cells: Sequence[_Cell], slack: float) -> int:
    """How many of the cells are flush left, flush right or centred together."""
    sides = (
        [cell.left for cell in cells],
        [cell.right for cell in cells],
        [(cell.left + cell.right) / 2 for cell in cells],
    )
    return max(sum(abs(each - median(side)) < slack for each in side) for side in sides)


def _is_prose(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """True for two or three columns whose lines are long and fill them."""
    if len(columns) > 3 or len(rows) < _PROSE_ROWS:
        return False
    for place, (left, right) in enumerate(columns):
        cells = [cell for row in rows for cell in row if _column_of(cell, columns) == place]
        if len(cells) < 0.5 * len(rows) or median(len(cell.text) for cell in cells) < _LONG:
            return False
        if median(cell.right - cell.left for cell in cells) < _FULL * (right - left):
            return False
    return True
