"""Rows in columns, as wide as what stands in them; not cut to the terminal, so scripts can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

_BETWEEN = "  "


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a heading and the rows under it; a column in which nothing stands is left out."""
    listed = [list(row) for row in rows]
    kept = [at for at in range(len(head)) if any(row[at] for row in listed)]
    lines = [[head[at] for at in kept], *([row[at] for at in kept] for row in listed)]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(kept))]
    for line in lines:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ]
        yield _BETWEEN.join(cells).rstrip()


def facts_lines(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield names and their values, the values below each other; empty ones are left out."""
    told = [(name, value) for name, value in facts if value]
    width = max((cell_len(name) for name, _ in told), default=0)
    for name, value in told:
        first, *more = value.split("\n")
        yield f"{name}{' ' * (width - cell_len(name))}{_BETWEEN}{first}"
        for line in more:
            yield f"{' ' * width}{_BETWEEN}{line}"
