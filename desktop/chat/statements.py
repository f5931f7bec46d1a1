"""Where the statements of a Markdown answer begin and end: sentences, list items, table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.domain.spans import Span, trimmed

_SENTENCE_END = re.compile(
    r"[.!?…]+[\"'”’)\]*_]*(?=\s+[\"'“‘(\[*_]*[^\W_a-z])"
    r"|[。！？｡]+[\"'”’」』）]*"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Messrs|Gen|Col|Hon|Rev|Art|Arts|Sec|Fig|Figs|Inc|Ltd"
    r"|Co|Corp|vs|v|etc|cf|al|pp|p|approx|ca|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|Abs|Nr|bzw|usw|Bd|Hrsg|z\.\s?B|d\.\s?h|i\.e|e\.g|a\.m|p\.m|U\.S|U\.K)|\b[A-Z])\.$"
)
# These end a sentence too ("It said no."), and shorten a word only before a number.
_BEFORE_NUMBER = re.compile(
    r"\b(?:No|Nos|Sec|Art|para|paras|ch|vol|ed|pg|St|Ref)\.$", re.IGNORECASE
)
_GERMAN_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)]|[a-z][.)]|\([a-z0-9]{1,3}\))\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"\s*(?:>\s?)+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s*#{1,6}\s")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CELLS = re.compile(r"\t| \| ")
_LINE = re.compile(r"[^\n]+")
_WORDLESS = re.compile(r"[\W_]*")


def statement_spans(text: str) -> list[Span]:
    """The spans of `text` that state something.

    Headings, code, table headers, questions, and lines that only lead in to a list are left
    out; list marks and quote marks stand outside the spans.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        spans += _sentences(text, start, end)
    return [span for span in spans if _states(text, span)]


def sentence_spans(text: str) -> list[Span]:
    """The spans of all sentences of plain text; a blank line always ends one."""
    spans: list[Span] = []
    for block in re.finditer(r"(?:(?!\n\s*\n).)+", text, re.DOTALL):
        spans += _sentences(text, *block.span())
    return spans


def passage_spans(text: str) -> list[Span]:
    """The sentences of a passage; the rows of its tables, each by itself."""
    spans: list[Span] = []
    for start, end in sentence_spans(text):
        if not has_cells(text, start, end):
            spans.append((start, end))
            continue
        for line in _LINE.finditer(text, start, end):
            spans += _trimmed(text, *line.span())
    return spans


def has_cells(text: str, start: int, end: int) -> bool:
    """Whether a row of a table stands in text[start:end]."""
    return bool(_CELLS.search(text, start, end))


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs, list items and table rows, without their marks; no code, no headings."""
    paragraph: Span | None = None
    for start, end, starts, goes_on in _stating_lines(text):
        if paragraph is not None and (starts or start != _next_line(text, paragraph[1])):
            yield paragraph
            paragraph = None
        if paragraph is None:
            paragraph = (_content_start(text, start, end), end)
        else:
            paragraph = (paragraph[0], end)
        if not goes_on:
            yield paragraph
            paragraph = None
    if paragraph is not None:
        yield paragraph


def _stating_lines(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Lines that may state something: start, end, opens a block, may go on in the next line."""
    fenced = False
    lines = _lines(text)
    for at, (start, end) in enumerate(lines):
        line = text[start:end]
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced or _breaks(line) or (_is_row(line) and _is_table_header(text, lines, at)):
            continue
        else:
            yield start, end, _starts_block(line), not _is_row(line)


def _next_line(text: str, end: int) -> int:
    """Where the line after the one that ends at `end` begins."""
    return end + (2 if text.startswith("\r\n", end) else 1)


def _lines(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line.rstrip("\r\n"))))
        start += len(line)
    return spans


def _breaks(line: str) -> bool:
    return (
        not line.strip()
        or bool(_HEADING.match(line))
        or bool(_RULE.match(line))
        or bool(_TABLE_RULE.match(line))
    )


def _starts_block(line: str) -> bool:
    return bool(_ITEM.match(line)) or _is_row(line)


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.count("|") > 1


def _is_table_header(text: str, lines: list[Span], at: int) -> bool:
    if at + 1 >= len(lines):
        return False
    start, end = lines[at + 1]
    return bool(_TABLE_RULE.match(text[start:end]))


def _content_start(text: str, start: int, end: int) -> int:
    for mark in (_QUOTE, _ITEM):
        if match := mark.match(text, start, end):
            start = match.end()
    return start


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if not _shortens(text, begin, match.end()):
            yield from _trimmed(text, begin, match.end())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _shortens(text: str, begin: int, end: int) -> bool:
    """Whether the full stop before `end` belongs to a shortened word."""
    tail = max(begin, end - 12)
    if _ABBREVIATION.search(text, tail, end):
        return True
    following = text[end:].lstrip()[:1]
    if following.isdigit() and _BEFORE_NUMBER.search(text, tail, end):
        return True
    # "am 3. Mai": a number with a full stop before a word is an ordinal where the sentence
    # would otherwise end on one or two digits.
    return bool(_GERMAN_ORDINAL.search(text, tail, end)) and _is_month_next(text, end)


def _is_month_next(text: str, end: int) -> bool:
    word = re.match(r"\s+(\w+)", text[end : end + 20])
    return word is not None and word[1] in _GERMAN_MONTHS


_GERMAN_MONTHS = frozenset(
    """Januar Februar März April Mai Juni Juli August September Oktober November
    Dezember""".split()
)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    span = trimmed(text, start, end)
    if span[0] < span[1]:
        yield span


def _states(text: str, span: Span) -> bool:
    statement = text[span[0] : span[1]]
    if _WORDLESS.fullmatch(statement):
        return False
    return statement.rstrip("\"'”’)*_ ")[-1:] not in (":", "?")
