"""Rows in columns, as wide as what stands in them; not cut to the terminal, so scripts can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from desktop.cli.session import one_line

_BETWEEN = "  "

Fact = tuple[str, str | Sequence[str]]


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a heading and the rows under it; a column in which nothing stands is left out."""
    listed = [[one_line(cell) for cell in row] for row in rows]
    kept = [at for at in range(len(head)) if any(row[at] for row in listed)]
    lines = [[head[at] for at in kept], *([row[at] for at in kept] for row in listed)]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(kept))]
    for line in lines:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ]
        yield _BETWEEN.join(cells).rstrip()


def facts_lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Yield names and their values, the values below each other; empty ones are left out.

    A line break inside a value begins no line: what a file says of itself cannot pass for a fact.
    """
    told = [(name, (value,) if isinstance(value, str) else value) for name, value in facts]
    told = [(name, [line for line in lines if line]) for name, lines in told]
    width = max((cell_len(name) for name, lines in told if lines), default=0)
    for name, lines in told:
        for at, line in enumerate(lines):
            head = "" if at else name
            yield f"{head}{' ' * (width - cell_len(head))}{_BETWEEN}{one_line(line)}"
