"""CSV and TSV: rows as they stand, the header over every piece of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.table_rows import is_header, row_text, table_texts
from desktop.documents.readers.text import encoding_remarks, printable_lines
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_DELIMITERS = ",;\t|^~:"
_SAMPLE_LINES = 60
# A quoted cell may hold line breaks; past this many its closing mark is missing.
_MOST_LINES_IN_ROW = 500
_MOST_CHARACTERS_IN_ROW = 120_000
_MOST_TITLE_ROWS = 5


def read_csv(path: Path) -> Reading:
    """Yield the rows in parts, one line per row and " | " between cells.

    Every part is one table that explains itself: its first row is the header, where the file has
    one. Lines above the header with a single cell become a caption. Memory does not grow with
    the file.
    """
    source = TextFile(path)
    yield Opened(DocumentKind.CSV, path.stem, PageUnit.PART)
    lines = printable_lines(source)
    sample = [*islice(lines, _SAMPLE_LINES)]
    delimiter = _named_delimiter(sample)
    if delimiter:
        sample = sample[1:]
    else:
        delimiter = _delimiter(sample, "\t" if path.suffix.lower() in (".tsv", ".tab") else "")
    rows = _Rows(chain(sample, lines), delimiter)
    yield from _parts_of(rows.read())
    if rows.broken_quotes:
        yield Remark(
            "Some quotation marks are never closed; these rows were read without regard to them."
        )
    yield from encoding_remarks(source)


def _parts_of(rows: Iterator[Sequence[str]]) -> Iterator[ReadPage]:
    first: list[Sequence[str]] = []
    parts = Parts()
    for row in rows:
        first.append(row)
        if sum(map(bool, row)) > 1 or len(first) > _MOST_TITLE_ROWS:
            break
    if first and sum(map(bool, first[-1])) > 1:
        # What stands alone above the header is the table's title.
        for title in first[:-1]:
            yield from parts.block(BlockKind.CAPTION, row_text(title))
        first = first[-1:]
    header = first[0] if first and is_header(first[0]) else ()
    for text in table_texts(header, chain(first[1:] if header else first, rows)):
        yield from parts.block(BlockKind.TABLE, text)
        yield from parts.rest()


class _Rows:
    """Rows of cells, with a way back where a quotation mark is never closed."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._held: list[str] = []
        self._held_characters = 0
        self.broken_quotes = False

    def read(self) -> Iterator[Sequence[str]]:
        while True:
            try:
                for row in csv.reader(self._watched(), delimiter=self._delimiter):
                    if len(self._held) > 1 and self._is_unclosed():
                        break
                    self._let_go()
                    if any(row):
                        yield row
                else:
                    return
            except (csv.Error, _RunawayError):
                pass
            # Only quotation marks bring lines together, so these are rows by themselves.
            self.broken_quotes = True
            for line in self._held:
                if line.strip():
                    yield line.split(self._delimiter)
            self._let_go()

    def _watched(self) -> Iterator[str]:
        for line in self._lines:
            self._held.append(line)
            self._held_characters += len(line)
            if len(self._held) > 1 and (
                len(self._held) > _MOST_LINES_IN_ROW
                or self._held_characters > _MOST_CHARACTERS_IN_ROW
            ):
                raise _RunawayError
            # The reader takes a missing line end for a missing space between lines of a cell.
            yield line + "\n"

    def _is_unclosed(self) -> bool:
        return sum(line.count('"') for line in self._held) % 2 == 1

    def _let_go(self) -> None:
        self._held.clear()
        self._held_characters = 0


class _RunawayError(Exception):
    """A quoted cell goes on past any sensible length."""


def _named_delimiter(lines: Sequence[str]) -> str:
    """The delimiter in the line "sep=;" that Excel writes, "" without it."""
    first = lines[0].strip("\"' ") if lines else ""
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else ""


def _delimiter(lines: Sequence[str], wanted: str) -> str:
    """The sign that cuts most lines into the same number of cells, and into more than one."""
    best, best_score = wanted or ",", 0.0
    for candidate in dict.fromkeys(wanted + _DELIMITERS):
        score = _agreement(lines, candidate)
        # Where two agree as well, the one that comes first is the more usual.
        if score > best_score + 0.05:
            best, best_score = candidate, score
    return best


def _agreement(lines: Iterable[str], delimiter: str) -> float:
    widths = []
    try:
        for row in csv.reader((line + "\n" for line in lines), delimiter=delimiter):
            if sum(map(bool, row)) > 0:
                widths.append(len(row))
    except csv.Error:
        return 0.0
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    # Titles above and totals below have fewer cells, and take little away.
    return counted.most_common(1)[0][1] / len(widths)
