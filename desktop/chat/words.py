"""The words of a text in a form that can be compared, with where they stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from desktop.retrieval.stop_words import STOP_WORDS

# A number with its separators; else letters and digits, over a hyphen at the end of a line and
# an apostrophe; scripts written without spaces are compared character by character.
_WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)?(?![^\W_])"
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
    r"(?:(?:['’]|[-\u00ad]\n)[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)*"
    r"|%"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_THOUSANDS_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_BREAK = re.compile(r"[-\u00ad]\n|\u00ad")
# "7.2 Either party may" and "under clause 7.2" name a clause; neither is a number of anything.
_CLAUSE_WORD = re.compile(
    r"(?:\b(?:clauses?|sections?|articles?|paragraphs?|art\.|sec\.|para\.|ziffer|absatz)|§)\s*$",
    re.IGNORECASE,
)
_CLAUSE_OPENS = re.compile(r"(?:^|\n|[.;:!?]\s)\s*$")
_CLAUSE_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.)\s+(?=[^\W\d_a-z])")
_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:;…•|*#>\n][\"'“”‘’()\[\]\s*_-]*)$")

# And what answers and questions about documents say of themselves.
_STOP_WORDS = STOP_WORDS | frozenset(
    """
    according answer document documents further passage passages per question
    """.split()
)
_NUMERALS = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | {
    word: str(value)
    for value, word in zip(
        range(30, 100, 10),
        "thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
_MONTHS = frozenset(
    """january february march april may june july august september october november
    december""".split()
)
_SHORT_MONTHS = {month[:3]: month for month in _MONTHS} | {"sept": "september"}
_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s")


class WordKind(Enum):
    """What a word can prove."""

    STOP = auto()
    PLAIN = auto()
    NAME = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """`key` is equal for words that say the same; [start, end) is the word in its text."""

    key: str
    start: int
    end: int
    kind: WordKind


def words_of(text: str) -> list[Word]:
    """The words of `text` in order."""
    words = [_word(match, text) for match in _WORD.finditer(text)]
    return _with_dates(_with_compound_numerals(words, text), text)


def is_telling(word: Word) -> bool:
    """Whether the word carries meaning of its own."""
    return word.kind is not WordKind.STOP


def key_of(folded: str) -> str:
    """The key of one word in lower case."""
    return folded if folded in _STOP_WORDS else stem(folded)


def _word(match: re.Match[str], text: str) -> Word:
    raw = unicodedata.normalize("NFKC", _BREAK.sub("", match[0]))
    folded = re.sub(r"['’]s$", "", raw.casefold())
    start, end = match.span()
    if folded[0].isdigit() or any(character.isdigit() for character in folded):
        mark = "§" if _names_clause(text, start) else ""
        return Word(mark + _number_key(folded), start, end, WordKind.NUMBER)
    if folded in _NUMERALS and folded != "one":
        return Word(_NUMERALS[folded], start, end, WordKind.NUMBER)
    if folded in _STOP_WORDS:
        return Word(folded, start, end, WordKind.STOP)
    if raw[0].isupper() and (len(raw) > 1) and not _opens_sentence(text, start, raw):
        return Word(stem(folded), start, end, WordKind.NAME)
    return Word(stem(folded), start, end, WordKind.PLAIN)


def _names_clause(text: str, start: int) -> bool:
    before = text[max(0, start - 14) : start]
    if _CLAUSE_WORD.search(before):
        return True
    return bool(_CLAUSE_OPENS.search(before) and _CLAUSE_NUMBER.match(text, start))


def _opens_sentence(text: str, start: int, raw: str) -> bool:
    if raw.isupper() and len(raw) > 2:
        return False
    return bool(_SENTENCE_OPENS.search(text[max(0, start - 6) : start]))


def _number_key(folded: str) -> str:
    key = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", folded)
    if _THOUSANDS.fullmatch(key):
        key = key.replace(",", "")
    elif _THOUSANDS_BY_POINT.fullmatch(key) and (key.count(".") > 1 or "," in key):
        key = key.replace(".", "").replace(",", ".")
    if re.fullmatch(r"\d+\.\d*?0+", key):
        key = key.rstrip("0").rstrip(".")
    return key.lstrip("0") or "0"


def _with_compound_numerals(words: list[Word], text: str) -> list[Word]:
    """Join "twenty-five" into 25."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if (
            before is not None
            and text[before.end : word.start] == "-"
            and _is_ten(before, text)
            and (unit := _NUMERALS.get(text[word.start : word.end].casefold(), "")) != ""
            and len(unit) == 1
        ):
            key = str(int(before.key) + int(unit))
            joined[-1] = Word(key, before.start, word.end, WordKind.NUMBER)
        else:
            joined.append(word)
    return joined


def _is_ten(word: Word, text: str) -> bool:
    return text[word.start].isalpha() and word.key in {str(ten) for ten in range(20, 100, 10)}


def _with_dates(words: list[Word], text: str) -> list[Word]:
    """A month beside a number is part of a date, and so as hard as a number."""
    dated = list(words)
    for at, word in enumerate(words):
        raw = text[word.start : word.end].casefold()
        month = raw if raw in _MONTHS else _SHORT_MONTHS.get(raw, "")
        if not month or not text[word.start].isupper():
            continue
        near = words[max(0, at - 2) : at + 3]
        if month not in ("may", "march") or any(_is_figure(other, text) for other in near):
            dated[at] = Word(month, word.start, word.end, WordKind.NUMBER)
    return dated


def _is_figure(word: Word, text: str) -> bool:
    return text[word.start].isdigit()


def stem(folded: str) -> str:
    """Cut an English ending, so that "ends", "ended" and "ending" compare as equal."""
    if len(folded) < 4 or not folded.isascii():
        return folded
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            cut = folded[: -len(ending)]
            if ending in ("ies", "ied"):
                return cut + "y" if len(cut) > 2 else cut + "i"
            if ending == "s" and folded.endswith(("ss", "us", "is")):
                return folded
            if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz":
                cut = cut[:-1]
            return cut.rstrip("e") if len(cut) > 3 else cut
    return folded[:-1] if folded.endswith("e") and len(folded) > 4 else folded
