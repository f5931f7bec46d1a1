"""A text as the tokens it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from desktop.storage.words.dates import date_forms
from desktop.storage.words.numbers import NUMBER, number_forms, number_values
from desktop.storage.words.scripts import UNSPACED_RUN, folded, pieces, without_accents
from desktop.storage.words.stems import stem

# Raised when the same text gives other tokens than before: tables of words are then made anew.
ANALYSIS = 1
_ITEM = re.compile(rf"{NUMBER.pattern}|[^\W_]+(?:['’][^\W\d_]+)*")
# From the beginning of a word only: from its middle it would end the same way, or fail again.
_IDENTIFIER = re.compile(r"(?<![^\W_])[^\W_]+(?:[-./_&][^\W_]+)+")
_MIXED = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_POSSESSIVE = re.compile(r"['’]s?$")
_FISCAL = re.compile(r"\b(?:fy|cy)\s?'?(\d{4}|\d\d)\b")
_LONGEST = 40
# Most words of a text are common ones: of these all that is done to a word is looked up.
_REMEMBERED = 30_000
# A word with a letter of Latin, Greek or Cyrillic that may carry a mark.
_ACCENTED = re.compile("[^\\W\\d_]*[\u00c0-\u024f\u0370-\u04ff\u1e00-\u1fff][^\\W\\d_]*")


def tokens_of(text: str, language: str = "") -> list[str]:
    """The words of `text` in order, each in the one form it is compared in.

    Words are stemmed by `language` (ISO 639-1), numbers are without marks for thousands, scripts
    without spaces are pairs of letters.
    """
    return list(_tokens(folded(text), language))


def further_forms(text: str, language: str = "") -> list[str]:
    """What else `text` is found by, each once: dates, signs and units of numbers, identifiers
    without their marks, words as they are stemmed when the accents were not typed."""
    text = folded(text)
    forms = dict.fromkeys(date_forms(text))
    for match in NUMBER.finditer(text):
        values = number_values(match[0])
        forms.update(dict.fromkeys(values[1:]))
        for value in values[:1]:
            forms.update(dict.fromkeys(number_forms(text, match.start(), match.end(), value)))
    forms.update(dict.fromkeys(_joined_identifiers(text)))
    if not text.isascii():
        forms.update(dict.fromkeys(unaccented_forms(text, language)))
    return list(forms)


def _tokens(text: str, language: str) -> Iterator[str]:
    for item in _ITEM.findall(text):
        if item[0].isdigit() and (values := number_values(item)):
            yield values[0]
        elif item.isascii():
            yield _token(item, language)
        else:
            yield from _parts(item, language)


@lru_cache(maxsize=_REMEMBERED)
def _token(word: str, language: str) -> str:
    return stem(_POSSESSIVE.sub("", word)[:_LONGEST], language)


def _parts(item: str, language: str) -> Iterator[str]:
    """The tokens of a word that may hold letters of scripts without spaces."""
    done = 0
    for run in UNSPACED_RUN.finditer(item):
        if run.start() > done:
            yield stem(item[done : run.start()][:_LONGEST], language)
        yield from pieces(run[0])
        done = run.end()
    if done < len(item):
        yield stem(_POSSESSIVE.sub("", item[done:])[:_LONGEST], language)


def _joined_identifiers(text: str) -> Iterator[str]:
    for match in _IDENTIFIER.finditer(text):
        joined = re.sub(r"[-./_&]", "", match[0])
        # 10-K and INV-2024-001, and no plain number, date or pair of words.
        if _MIXED.search(joined) or "&" in match[0]:
            yield joined[:_LONGEST]
    for match in _FISCAL.finditer(text):
        yield match[1] if len(match[1]) == 4 else "20" + match[1]


def unaccented_forms(text: str, language: str) -> list[str]:
    """The stems that words with accents have when the accents are not typed, where they differ."""
    forms = []
    for match in _ACCENTED.finditer(folded(text)):
        word = match[0][:_LONGEST]
        bare = without_accents(word)
        if bare != word:
            typed = stem(bare, language)
            if typed != stem(word, language):
                forms.append(typed)
    return forms
