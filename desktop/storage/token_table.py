"""One FTS5 table of tokens: how rare a token is, which rows hold most of what is asked for."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from desktop.storage.database import Database, Row
from desktop.storage.words.asked import Term

# So many rows are looked at for the rare terms; the common ones only order these. A row costs
# 0.3 µs, a term that stands everywhere would cost half a second in a million rows.
_ROWS_FOR_RARE = 4_000
# Larger tables change little from one question to the next, and their counts cost milliseconds.
_COUNTS_KEPT_FROM = 20_000
_RANGES = 32
_ROUGH_TERMS = 12

RowRanges = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class TableSize:
    """Rows, and the tokens of each column in all of them."""

    rows: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A column of a row: how many tokens it has, and those that were looked for, each time."""

    length: int
    tokens: tuple[str, ...]


class TokenTable:
    """Reads one table; `columns` as they were created."""

    def __init__(self, database: Database, name: str, columns: Sequence[str]) -> None:
        self._database = database
        self._name = name
        self._columns = columns
        self._counts: dict[str, int] = {}
        self._counted_rows = 0

    def size(self) -> TableSize:
        """Taken from the table's own record of averages, whatever its size."""
        rows = self._database.execute(f"SELECT block FROM {self._name}_data WHERE id = 1")
        numbers = _varints(rows[0][0]) if rows else []
        numbers += [0] * (1 + len(self._columns) - len(numbers))
        return TableSize(numbers[0], tuple(numbers[1:]))

    def rarity(self, terms: Sequence[Term], rows: int) -> list[tuple[int, float]]:
        """For each term the rows that hold any of its forms, at most, and its weighed rarity."""
        self._forget_old_counts(rows)
        found = []
        for term in terms:
            held = min(rows, sum(self._count(form, rows) for form in term.forms))
            rarity = math.log1p((rows - held + 0.5) / (held + 0.5))
            found.append((held, term.weight * rarity))
        return found

    def best_rows(
        self,
        terms: Sequence[Term],
        rarity: Sequence[tuple[int, float]],
        limit: int,
        within: RowRanges | None = None,
    ) -> list[int]:
        """Return the rows that hold the most, by rarity, of the terms; most first.

        Of a row that holds none of the rarer terms nothing is known; where all terms are common,
        the newest rows with the rarest one are looked at.
        """
        order = sorted(range(len(terms)), key=lambda at: (rarity[at][0], at))
        order = [at for at in order if rarity[at][0]]
        if not order:
            return []
        rare = _rare(order, rarity)
        gate = " OR ".join(_quoted(form) for at in rare for form in terms[at].forms)
        found: list[list[int]] = []
        # A dozen rare terms tell well enough which rows are worth scoring in full.
        for at in order[:_ROUGH_TERMS]:
            own = " OR ".join(_quoted(form) for form in terms[at].forms)
            match = own if at in rare else f"({gate}) AND ({own})"
            found.append(self._rows(match, within, _ROWS_FOR_RARE))
        return _most(found, [rarity[at][1] for at in order], limit)

    def matching(self, match: str, limit: int, within: RowRanges | None = None) -> list[int]:
        """Return the newest rows that fit an expression in FTS5's language."""
        return self._rows(match, within, limit)

    def tokens(self, rows: Sequence[int]) -> Mapping[int, tuple[list[str], ...]]:
        """Return the tokens of these rows, column by column."""
        found = self._columns_of(rows)
        return {row[0]: tuple(column.split() for column in row[1:]) for row in found}

    def counts(self, rows: Sequence[int], wanted: Set[str]) -> Mapping[int, tuple[Held, ...]]:
        """Return, row by row, how long each column is and which of `wanted` it holds."""
        # Chunks of one section stand under the same words, and those are taken apart once.
        known: dict[str, Held] = {}
        return {
            row: tuple(
                known.get(column) or known.setdefault(column, _held(column, wanted))
                for column in columns
            )
            for row, *columns in self._columns_of(rows)
        }

    def _columns_of(self, rows: Sequence[int]) -> list[Row]:
        columns = ", ".join(f"c{at}" for at in range(len(self._columns)))
        return self._database.execute(
            f"SELECT id, {columns} FROM {self._name}_content "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )

    def _rows(self, match: str, within: RowRanges | None, limit: int) -> list[int]:
        ask = f"SELECT rowid FROM {self._name} WHERE {self._name} MATCH ?"
        newest = " ORDER BY rowid DESC LIMIT ?"
        if within is None:
            return [row for (row,) in self._database.execute(ask + newest, (match, limit))]
        if len(within) <= _RANGES:
            ask += " AND rowid BETWEEN ? AND ?" + newest
            return [
                row
                for first, last in within
                for (row,) in self._database.execute(ask, (match, first, last, limit))
            ]
        return _inside([row for (row,) in self._database.execute(ask, (match,))], within)

    def _count(self, token: str, rows: int) -> int:
        known = self._counts.get(token)
        if known is not None:
            return known
        found = self._database.execute(
            f"SELECT doc FROM {self._name}_vocabulary WHERE term = ?", (token,)
        )
        count = int(found[0][0]) if found else 0
        if rows >= _COUNTS_KEPT_FROM:
            self._counts[token] = count
        return count

    def _forget_old_counts(self, rows: int) -> None:
        if abs(rows - self._counted_rows) > self._counted_rows // 50:
            self._counts.clear()
            self._counted_rows = rows


def _held(column: str, wanted: Set[str]) -> Held:
    tokens = column.split()
    return Held(len(tokens), tuple(filter(wanted.__contains__, tokens)))


def _rare(order: Sequence[int], rarity: Sequence[tuple[int, float]]) -> set[int]:
    """The rarest terms whose rows together are few enough, one at least."""
    chosen: set[int] = set()
    rows = 0
    for at in order:
        rows += rarity[at][0]
        if chosen and rows > _ROWS_FOR_RARE:
            break
        chosen.add(at)
    return chosen


def _most(found: Sequence[Sequence[int]], shares: Sequence[float], limit: int) -> list[int]:
    """The rows whose shares add up to most, most first; equal ones by their number."""
    import numpy as np

    lengths = [len(rows) for rows in found]
    every = np.fromiter(itertools.chain.from_iterable(found), np.int64, sum(lengths))
    weights = np.repeat(np.array(shares[: len(found)]), lengths)
    rows, at = np.unique(every, return_inverse=True)
    scores = np.bincount(at, weights=weights)
    # Rounded, so that the order of adding up cannot part what is equal.
    best = np.lexsort((rows, -np.round(scores, 9)))[:limit]
    return [int(row) for row in rows[best]]


def _inside(rows: Sequence[int], ranges: RowRanges) -> list[int]:
    import numpy as np

    starts = np.array([first for first, _ in ranges])
    ends = np.array([last for _, last in ranges])
    asked = np.array(rows, dtype=np.int64)
    at = np.searchsorted(starts, asked, side="right") - 1
    inside = (at >= 0) & (asked <= ends[at])
    return [int(row) for row in asked[inside]]


def _quoted(token: str) -> str:
    # Tokens hold no quotation mark; inside a string nothing is an operator.
    return f'"{token}"'


def _varints(block: bytes) -> list[int]:
    numbers, value = [], 0
    for byte in block:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return numbers
