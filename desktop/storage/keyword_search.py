"""Chunks and documents that hold the words asked for, scored by BM25 over few columns."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.storage.database import Database
from desktop.storage.keyword_index import KeywordIndex, names_table, words_table
from desktop.storage.token_table import Held, RowRanges, TableSize, TokenTable
from desktop.storage.words.asked import Term, WordsAsked

# The usual two of BM25: how soon more of the same word stops to count, and how much long
# passages lose (docs/retrieval.md).
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
_CHUNK_COLUMNS = ("front", "text", "forms")
_CHUNK_WEIGHTS = (0.3, 1.0, 1.0)
_DOCUMENT_COLUMNS = ("names", "opening")
# So many rows are scored in full after the rough look.
_SCORED_CHUNKS = 200
_SCORED_DOCUMENTS = 100
_PHRASE_ROWS = 2000


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document whose names or opening hold words of the question, which are in `words`."""

    document_id: int
    score: float
    words: frozenset[str]


class KeywordSearch:
    """Finds what `KeywordIndex` keeps; one for each connection."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index = KeywordIndex(database)
        self._tables: dict[str, TokenTable] = {}

    def chunks(
        self,
        collection_id: int,
        asked: WordsAsked,
        limit: int,
        within: RowRanges | None = None,
    ) -> list[tuple[int, float]]:
        """Return chunk ids with their BM25 score, best first.

        `within` has ascending ranges of chunk ids, first and last, outside which nothing counts.
        """
        self._index.ensure_current(collection_id)
        table = self._table(words_table(collection_id), _CHUNK_COLUMNS)
        size = table.size()
        terms = [*asked.terms, *(Term(phrase[:1]) for phrase in asked.required if phrase)]
        rarity = table.rarity(terms, size.rows)
        if asked.required:
            rows = table.matching(_all_of(asked.required), _PHRASE_ROWS, within)
        else:
            rows = table.best_rows(terms, rarity, max(limit, _SCORED_CHUNKS), within)
        if asked.excluded:
            tokens = table.tokens(rows)
            rows = [row for row in rows if not _holds_any(tokens[row], asked.excluded)]
        weighed = [(term.forms, share) for term, (_, share) in zip(terms, rarity, strict=True)]
        scores = _scores(table.counts(rows, _forms(terms)), weighed, _CHUNK_WEIGHTS, size)
        return _best(scores, limit)

    def documents(
        self, collection_id: int, terms: Sequence[Term], limit: int
    ) -> list[NamedDocument]:
        """Return the documents that the terms name best, best first."""
        self._index.ensure_current(collection_id)
        table = self._table(names_table(collection_id), _DOCUMENT_COLUMNS)
        size = table.size()
        if size.rows < 2:
            return []
        rarity = table.rarity(terms, size.rows)
        wanted = _forms(terms)
        counts = table.counts(table.best_rows(terms, rarity, _SCORED_DOCUMENTS), wanted)
        weighed = [(term.forms, share) for term, (_, share) in zip(terms, rarity, strict=True)]
        # Each column by its own length: a name of three words is told from an opening of hundreds.
        scores: dict[int, float] = dict.fromkeys(counts, 0.0)
        for column in range(len(_DOCUMENT_COLUMNS)):
            alone = {row: (held[column],) for row, held in counts.items()}
            part = TableSize(size.rows, (size.tokens[column],))
            for row, score in _scores(alone, weighed, (1.0,), part).items():
                scores[row] += score
        return [
            NamedDocument(row, score, _held_forms(counts[row]))
            for row, score in _best(scores, limit)
        ]

    def languages(self, collection_id: int) -> tuple[str, ...]:
        """The languages that words of the collection were stemmed by."""
        self._index.ensure_current(collection_id)
        return self._index.languages(collection_id)

    def holding(
        self, collection_id: int, rows: Sequence[int], phrases: Sequence[tuple[str, ...]]
    ) -> set[int]:
        """Return those of the chunks that hold any of the phrases."""
        table = self._table(words_table(collection_id), _CHUNK_COLUMNS)
        return {row for row, held in table.tokens(rows).items() if _holds_any(held, phrases)}

    def _table(self, name: str, columns: Sequence[str]) -> TokenTable:
        if name not in self._tables:
            self._tables[name] = TokenTable(self._database, name, columns)
        return self._tables[name]


def _forms(terms: Sequence[Term]) -> frozenset[str]:
    return frozenset(form for term in terms for form in term.forms)


def _held_forms(columns: Sequence[Held]) -> frozenset[str]:
    return frozenset(itertools.chain.from_iterable(column.tokens for column in columns))


def _scores(
    counts: Mapping[int, tuple[Held, ...]],
    terms: Sequence[tuple[tuple[str, ...], float]],
    weights: Sequence[float],
    size: TableSize,
) -> dict[int, float]:
    """BM25 of each row; every token is looked at once, whatever the number of terms."""
    average = sum(size.tokens) / max(1, size.rows) or 1.0
    term_of = {form: at for at, (forms, _) in enumerate(terms) for form in forms}
    scores: dict[int, float] = {}
    for row, columns in counts.items():
        length = sum(column.length for column in columns) / average
        slow = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
        times: dict[int, float] = {}
        for column, weight in zip(columns, weights, strict=True):
            for token in column.tokens:
                at = term_of[token]
                times[at] = times.get(at, 0.0) + weight
        scores[row] = sum(
            terms[at][1] * count * (_SATURATION + 1) / (count + slow) for at, count in times.items()
        )
    return scores


def _best(scores: Mapping[int, float], limit: int) -> list[tuple[int, float]]:
    order = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [(row, score) for row, score in order[:limit] if score > 0]


def _all_of(phrases: Sequence[tuple[str, ...]]) -> str:
    # Between quotation marks FTS5 makes a phrase of tokens parted by spaces.
    return " AND ".join('"' + " ".join(phrase) + '"' for phrase in phrases)


def _holds_any(columns: tuple[list[str], ...], phrases: Sequence[tuple[str, ...]]) -> bool:
    lines = [f" {' '.join(column)} " for column in columns] if phrases else []
    return any(f" {' '.join(phrase)} " in line for phrase in phrases for line in lines)
