"""Reading order: the file's own order, repaired where it goes against the page."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.documents.layout.lines import PrintedLine, joined_box, shares_column
from desktop.domain.documents import Box

# Past this many runs the page is a drawing, and sorting it would cost more than it gives.
_MOST_RUNS = 400


def in_reading_order(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Put each run of lines after every run that stands above it in its column.

    Programs write pages mostly in reading order, columns included, so their order is kept
    wherever the page does not contradict it.
    """
    runs = _runs(lines)
    if len(runs) < 2 or len(runs) > _MOST_RUNS:
        return list(lines)
    return placed_in_order(runs)


def placed_in_order(runs: Sequence[list[PrintedLine]]) -> list[PrintedLine]:
    """Keep the order of the runs, but let each wait for those that stand above it."""
    waiting = [(joined_box([line.box for line in run]), run) for run in runs]
    ordered: list[PrintedLine] = []
    while waiting:
        index = next((i for i, (box, _) in enumerate(waiting) if not _has_above(box, waiting)), 0)
        ordered.extend(waiting.pop(index)[1])
    return ordered


def _runs(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    runs: list[list[PrintedLine]] = []
    for line in lines:
        if runs and _follows(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _follows(previous: PrintedLine, line: PrintedLine) -> bool:
    goes_down = line.box.top > previous.box.top - 0.5 * line.size
    near = line.box.top - previous.box.bottom < 4 * max(line.size, previous.size)
    return goes_down and near and shares_column(previous.box, line.box)


def _has_above(box: Box, waiting: Sequence[tuple[Box, list[PrintedLine]]]) -> bool:
    middle = (box.top + box.bottom) / 2
    return any(
        other.bottom <= box.top + 2 and (other.top + other.bottom) / 2 < middle
        for other, _ in waiting
        if other is not box and shares_column(other, box)
    )
