"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re

from desktop.domain.spans import Span, trimmed

_END = re.compile(
    r"""[.!?…]["'”’)\]]*(?=\s+["'“‘(\[]?[^\W_a-z])"""  # a full stop before a capital or number
    r"""|[。！？｡]["'”’」』）]*"""  # these scripts put no space after a sentence
    r"""|[;:](?=\s*\n)"""  # clauses that contracts put on lines of their own
    r"""|(?=\n\s*\n)"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|No|Nos|Art|Sec|Fig|Inc|Ltd|Co|Corp|vs|etc|cf|al|pp"
    r"|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]|\b\d{1,3})\.$"
)


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """Split text[start:end] into sentences, white space around them left out."""
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if _ABBREVIATION.search(text, max(begin, match.end() - 12), match.end()):
            continue
        _append(spans, text, begin, match.end())
        begin = match.end()
    _append(spans, text, begin, end)
    return spans


def line_spans(text: str, start: int, end: int) -> list[Span]:
    """Split text[start:end] into its lines that are not blank."""
    spans: list[Span] = []
    begin = start
    while begin < end:
        newline = text.find("\n", begin, end)
        stop = end if newline < 0 else newline
        _append(spans, text, begin, stop)
        begin = stop + 1
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    span = trimmed(text, start, end)
    if span[0] < span[1]:
        spans.append(span)
