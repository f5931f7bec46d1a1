"""The language of a text, by its script and its small words; offline and within a millisecond."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from desktop.documents.language_words import ARABIC, CYRILLIC, DEVANAGARI, LATIN
from desktop.domain.documents import BlockKind, Page

_SAMPLE_CHARACTERS = 12_000
_PAGE_CHARACTERS = 4_000
_LEFT_OUT = (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.CODE)
# Each script with what one of its characters is worth in letters of an alphabet.
_SCRIPTS = {
    "latin": (r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]", 1.0),
    "cyrillic": (r"[\u0400-\u052f]", 1.0),
    "greek": (r"[\u0370-\u03ff\u1f00-\u1fff]", 1.0),
    "arabic": (r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]", 1.2),
    "hebrew": (r"[\u0590-\u05ff]", 1.2),
    "devanagari": (r"[\u0900-\u097f]", 1.0),
    "han": (r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]", 3.0),
    "kana": (r"[\u3040-\u30ff\uff66-\uff9d]", 2.0),
    "hangul": (r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", 2.0),
    "th": (r"[\u0e00-\u0e7f]", 1.0),
    "lo": (r"[\u0e80-\u0eff]", 1.0),
    "bn": (r"[\u0980-\u09ff]", 1.0),
    "pa": (r"[\u0a00-\u0a7f]", 1.0),
    "gu": (r"[\u0a80-\u0aff]", 1.0),
    "ta": (r"[\u0b80-\u0bff]", 1.0),
    "te": (r"[\u0c00-\u0c7f]", 1.0),
    "kn": (r"[\u0c80-\u0cff]", 1.0),
    "ml": (r"[\u0d00-\u0d7f]", 1.0),
    "si": (r"[\u0d80-\u0dff]", 1.0),
    "my": (r"[\u1000-\u109f]", 1.0),
    "ka": (r"[\u10a0-\u10ff]", 1.0),
    "am": (r"[\u1200-\u137f]", 2.0),
    "km": (r"[\u1780-\u17ff]", 1.0),
    "bo": (r"[\u0f00-\u0fff]", 1.0),
    "hy": (r"[\u0530-\u058f]", 1.0),
}
_COUNTED = {script: (re.compile(letters), worth) for script, (letters, worth) in _SCRIPTS.items()}
_ALONE = {"greek": "el", "hebrew": "he", "hangul": "ko", "kana": "ja"}
# Letters that one language of a script has, or two of them, and the others do without.
_LETTERS = {
    "ß": "de", "ñ": "es gl eu", "ã": "pt", "õ": "pt et", "ł": "pl", "ż": "pl", "ś": "pl", "ř": "cs",
    "ě": "cs", "ů": "cs", "ľ": "sk", "ĺ": "sk", "ŕ": "sk", "ő": "hu", "ű": "hu", "ğ": "tr az",
    "ı": "tr az", "ə": "az", "ș": "ro", "ț": "ro", "ă": "ro vi", "æ": "da no is", "ø": "da no",
    "å": "sv da no", "þ": "is", "ð": "is", "ė": "lt", "ų": "lt", "į": "lt", "ķ": "lv", "ļ": "lv",
    "ņ": "lv", "ģ": "lv", "đ": "hr vi", "ơ": "vi", "ư": "vi", "ĉ": "eo", "ĝ": "eo", "ŭ": "eo",
    "ŵ": "cy", "ŷ": "cy", "ë": "sq nl", "ы": "ru be kk mn", "э": "ru be mn", "і": "uk be kk",
    "ї": "uk", "є": "uk", "ґ": "uk", "ў": "be", "ъ": "bg ru", "ђ": "sr", "ћ": "sr", "џ": "sr mk",
    "ѓ": "mk", "ќ": "mk", "ѕ": "mk", "љ": "sr mk", "њ": "sr mk", "ү": "mn kk", "ө": "mn kk",
    "қ": "kk", "ғ": "kk", "ң": "kk", "ұ": "kk", "پ": "fa ur", "چ": "fa ur", "گ": "fa ur",
    "ٹ": "ur", "ڈ": "ur", "ے": "ur", "ں": "ur", "ہ": "ur", "ة": "ar", "ي": "ar", "ك": "ar",
    "ळ": "mr",
}  # fmt: skip
# Vowel signs of Indian and Arabic scripts belong to their words.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u064b-\u0652\u0670])"
_WORD = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)?|'n\b")
_SENTENCE = re.compile(r"(?:^|[.!?:]\s|\n)\W*\w")
_LEAST_LETTERS = 12.0
_LEAST_SHARE = 0.12  # of the words, weighed: below it is no language of these, or no prose
_LEAST_LEAD = 1.25
_LEAST_ALONE = 0.5
_ENDING_WORTH = 0.35
_LETTER_WORTH = 0.5


class _Profile:
    """What a word says about its language, among the languages of one script."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._words = _shares({language: row.split() for language, row in known.items()})
        self._letters = _shares(
            {
                language: [letter for letter, row in _LETTERS.items() if language in row.split()]
                for language in known
            }
        )
        endings = {word[1:] for word in self._words if word.startswith("-")}
        self._endings = tuple(sorted(endings, key=len, reverse=True))

    def worth(self, word: str) -> Iterator[tuple[str, float]]:
        """The languages that the word speaks for, and how much."""
        shares = self._words.get(word) or self._words.get(word.partition("'")[0])
        if shares is not None:
            yield from shares.items()
        elif len(word) > 4:
            ending = next(filter(word.endswith, self._endings), None)
            for language, share in self._words.get(f"-{ending}", {}).items():
                yield language, _ENDING_WORTH * share
        # No language of the Latin script writes most of a word in letters of its own.
        for letter in _SPECIAL.findall(word) if _PLAIN.match(word) else ():
            for language, share in self._letters.get(letter, {}).items():
                yield language, _LETTER_WORTH * share


def _shares(rows: Mapping[str, Iterable[str]]) -> dict[str, dict[str, float]]:
    """For each entry the languages that have it; one of several languages counts for less."""
    owners: dict[str, list[str]] = {}
    for language, row in rows.items():
        for entry in dict.fromkeys(row):
            owners.setdefault(entry, []).append(language)
    return {entry: dict.fromkeys(named, len(named) ** -0.5) for entry, named in owners.items()}


_PLAIN = re.compile(r"(?![^\u0000-\u024f]*[\u00c0-\u024f]{3})")
_SPECIAL = re.compile(f"[{''.join(_LETTERS)}]")
_PROFILES = {
    "latin": _Profile(LATIN),
    "cyrillic": _Profile(CYRILLIC),
    "arabic": _Profile(ARABIC),
    "devanagari": _Profile(DEVANAGARI),
}


class LanguageSample:
    """Collects the text that a document's language is recognised from, page by page."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._length = 0

    def add(self, page: Page) -> None:
        """Take what a page has of prose, as long as the sample is not full."""
        if self._length >= _SAMPLE_CHARACTERS:
            return
        texts = [page.text[b.start : b.end] for b in page.blocks if b.kind not in _LEFT_OUT]
        text = "\n".join(texts)[:_PAGE_CHARACTERS] if page.blocks else page.text[:_PAGE_CHARACTERS]
        self._texts.append(text)
        self._length += len(text)

    def language(self) -> str:
        """The language of what was collected, as `language_of` has it."""
        return language_of("\n".join(self._texts))


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language that most of the text is written in, "" when unsure.

    The script decides where one language has it; else small words, endings and single letters.
    A line of some ten words is enough; more than a few thousand characters are not looked at.
    """
    text = text[:_SAMPLE_CHARACTERS]
    weights = {
        script: worth * len(found.findall(text)) for script, (found, worth) in _COUNTED.items()
    }
    script = max(weights, key=lambda name: weights[name])
    if script in ("han", "kana"):
        # Japanese has kana between its Chinese characters, Chinese none at all.
        kana, han = weights["kana"], weights["han"]
        if kana + han < _LEAST_LETTERS:
            return ""
        return "ja" if kana > 0.1 * (kana + han) else "zh"
    if weights[script] < _LEAST_LETTERS:
        return ""
    if script in _PROFILES:
        return _by_words(text, _PROFILES[script])
    return _ALONE.get(script, script)


def evidence(text: str) -> float:
    """How much speaks for the text being in one language, per word, whichever language it is.

    Tells a text from the same bytes read in the wrong encoding.
    """
    words = _words(text[:_SAMPLE_CHARACTERS])
    totals: dict[str, float] = defaultdict(float)
    for profile in _PROFILES.values():
        for worths in _spoken(words, profile):
            for language, worth in worths.items():
                totals[language] += worth
    return max(totals.values(), default=0.0) / max(1, len(_WORD.findall(text)))


def _by_words(text: str, profile: _Profile) -> str:
    words = _words(text)
    spoken = _spoken(words, profile)
    scores: dict[str, float] = defaultdict(float)
    for worths in spoken:
        for language, worth in worths.items():
            scores[language] += worth
    ranked = sorted(scores, key=lambda language: -scores[language])
    if not ranked or scores[ranked[0]] < _LEAST_SHARE * sum(words.values()):
        return ""
    best = ranked[0]
    return best if all(_outspeaks(best, other, spoken) for other in ranked[1:3]) else ""


def _words(text: str) -> Counter[str]:
    """The words in small letters; names of places and people are full of other languages' words."""
    text = text.lower() if text.isupper() else _SENTENCE.sub(lambda first: first[0].lower(), text)
    found = _WORD.findall(text.replace("’", "'"))
    return Counter(word for word in found if not word[0].isupper())


def _spoken(words: Mapping[str, int], profile: _Profile) -> list[dict[str, float]]:
    """For each word how much it says for which languages, times how often it stands there."""
    spoken: list[dict[str, float]] = []
    for word, times in words.items():
        worths: dict[str, float] = defaultdict(float)
        for language, worth in profile.worth(word):
            worths[language] += worth * times
        spoken.append(worths)
    return spoken


def _outspeaks(best: str, other: str, spoken: Iterable[Mapping[str, float]]) -> bool:
    """Whether enough speaks for one language alone: neighbours share most of their small words."""
    leads = [worths.get(best, 0.0) - worths.get(other, 0.0) for worths in spoken]
    behind = -sum(lead for lead in leads if lead < 0)
    return sum(lead for lead in leads if lead > 0) >= _LEAST_LEAD * behind + _LEAST_ALONE
