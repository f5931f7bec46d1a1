"""The stem of a word, by the language of its text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Protocol

from desktop.storage.words.scripts import without_accents

# Each word is stemmed once; a large collection has a few hundred thousand of them.
_REMEMBERED = 200_000
_ALGORITHMS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "porter",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "nb": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_GREEK = re.compile("[\u0370-\u03ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
# "and", "so", "in", "as", "for" and the article grow onto Arabic words, endings too. Longest first.
_ARABIC_FRONT = re.compile("^(?:وال|فال|بال|كال|ولل|فلل|ال|لل|و(?=..{3}))(?=.{3})")
_ARABIC_BACK = re.compile("(?<=.{3})(?:ها|ان|ات|ون|ين|يه|ه|ي|ا)$")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  (the library's name)


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; `language` is an ISO 639-1 code, "" where it is not known.

    A word in letters of another script than the language's is stemmed by its letters.
    """
    if _ARABIC.search(word):
        return _ARABIC_BACK.sub("", _ARABIC_FRONT.sub("", word))
    if any(letter.isdigit() for letter in word):
        return word
    return without_accents(_stemmer(_algorithm(word, language)).stemWord(word))


def _algorithm(word: str, language: str) -> str:
    if _CYRILLIC.search(word):
        return "serbian" if language == "sr" else "russian"
    if _GREEK.search(word):
        return "greek"
    return _ALGORITHMS.get(language, "porter")


@cache
def _stemmer(algorithm: str) -> _Stemmer:
    import snowballstemmer  # type: ignore[import-untyped]

    made: _Stemmer = snowballstemmer.stemmer(algorithm)
    return made
