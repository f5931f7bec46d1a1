"""Rows of cells as text: a line per row, and the header again over every piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from desktop.documents.parts import PART_CHARACTERS

BETWEEN_CELLS = " | "
# A header longer than this would fill the parts by itself, and stands over the first one only.
_LONGEST_HEADER = PART_CHARACTERS // 10
_FIGURE = re.compile(r"[-+(]?\s*[$€£¥]?\s*\d[\d.,:/\s'’-]*%?\)?")


def row_text(cells: Sequence[str]) -> str:
    """The row in one line; empty cells keep their place, but for those at the end."""
    text = BETWEEN_CELLS.join(map(str.strip, cells))
    if "\n" in text:
        text = " ".join(text.split())
    return text.rstrip(" |") if text.endswith("| ") else text.rstrip()


def table_texts(
    header: Sequence[str], rows: Iterable[Sequence[str]], most: int = PART_CHARACTERS
) -> Iterator[str]:
    """Cut rows into tables of at most `most` characters, each with the header as its first row."""
    top = row_text(header) if header else ""
    lines, length = [top] if top else [], len(top)
    fresh = True
    for row in rows:
        line = row_text(row)
        if not line:
            continue
        if not fresh and length + len(line) + 1 > most:
            yield "\n".join(lines)
            lines = [top] if 0 < len(top) <= _LONGEST_HEADER else []
            length = len(top) if lines else 0
        lines.append(line)
        length += len(line) + 1
        fresh = False
    if lines:
        yield "\n".join(lines)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first row names its columns: no figures, and hardly a name twice."""
    names = [cell.strip() for cell in cells if cell.strip()]
    if not names or any(_FIGURE.fullmatch(name) and not _is_year(name) for name in names):
        return False
    return len(set(names)) > 0.5 * len(names) and all(len(name) < 200 for name in names)


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isdecimal() and name[:2] in ("19", "20")
