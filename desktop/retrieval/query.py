"""A person's question in, a full-text query that is never a syntax error out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.domain.errors import EmptyQuestion
from desktop.retrieval.stop_words import STOP_WORDS

# What an embedder can read of a question, with room; more would only be cut there.
_EMBEDDED_CHARACTERS = 2000
_TERMS = 48
_QUOTED = re.compile(r'["“„”«»]([^"“„”«»]{2,200})["“„”«»]')
# A word, or several joined by marks that identifiers, numbers and dates are written with.
_TERM = re.compile(r"\w+(?:[-./,:@#&+'’]\w+)*")
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)

# What questions say beside what they ask for; an answer's words are not judged by these.
_STOP_WORDS = STOP_WORDS | frozenset("many much ours please tell theirs yours".split())


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the searches take it.

    `strict` holds every phrase the person put in quotes and is "" where there is none; `match`
    asks for any of the words. Both are FTS5 expressions of quoted strings, "" without a word.
    `embedded` is the part of the question that the embedder reads.
    """

    text: str
    embedded: str
    match: str
    strict: str


def parse_query(text: str) -> Query:
    """Read a question; raise `EmptyQuestion` where it holds no word."""
    embedded = " ".join(_printable(text[: 4 * _EMBEDDED_CHARACTERS]).split())
    if not _WORD.search(embedded.replace("_", " ")):
        raise EmptyQuestion
    phrases = [phrase for found in _QUOTED.findall(embedded) if (phrase := _quoted(found))]
    terms = list(dict.fromkeys(filter(None, [*phrases, *_terms(embedded)])))[:_TERMS]
    match = " OR ".join(terms)
    strict = " AND ".join(dict.fromkeys(phrases[:_TERMS]))
    return Query(
        text=text,
        embedded=embedded[:_EMBEDDED_CHARACTERS],
        match=match,
        strict=f"({strict}) AND ({match})" if strict else "",
    )


def _terms(text: str) -> Iterator[str]:
    words = [_POSSESSIVE.sub("", match[0]) for match in _TERM.finditer(text)]
    telling = [word for word in words if word.lower() not in _STOP_WORDS]
    for word in telling or words:
        parts = _WORD.findall(word)
        if len(parts) > 1:
            # The whole first, as a phrase: an invoice number is found by exactly this.
            yield _quoted(word)
        for part in parts:
            if len(parts) == 1 or (len(part) > 1 and part.lower() not in _STOP_WORDS):
                yield _quoted(part)


def _quoted(text: str) -> str:
    """An FTS5 string: inside it nothing is an operator. "" where it would hold no token."""
    words = _WORD.findall(text.replace("_", " "))
    return '"' + " ".join(words).lower() + '"' if words else ""


def _printable(text: str) -> str:
    return "".join(
        " " if (not char.isprintable() or "\ud800" <= char <= "\udfff") else char for char in text
    )
