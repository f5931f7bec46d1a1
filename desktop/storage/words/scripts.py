"""Letters brought to one form, and what is written without spaces cut into pieces of two."""

from __future__ import annotations

import re
import unicodedata

# Chinese, Japanese, and the scripts of South-East Asia: no spaces between words. Hangul has
# spaces, but its particles hang on the words, so that pieces find what whole words miss.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
# What says something: a word, or a pictograph, which may be all that a cell of a workbook holds.
SAYS_SOMETHING = re.compile("\\w|[\u2600-\u27bf\U0001f000-\U0001faff]")
_THOUSANDS_SPACE = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
_ARABIC = re.compile("[\u0600-\u06ff]")
# Vowel signs and the stroke that only stretches a word.
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئیکھہ", "ااااياوييكهه")
_KEPT_MARKS = re.compile("[\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]")


def folded(text: str) -> str:
    """Small letters, each in one form; accents stay, because stemmers read them."""
    # Before they become ordinary spaces, which part columns too.
    text = _THOUSANDS_SPACE.sub("'", text)
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    if not text.isascii() and _ARABIC.search(text):
        text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return text


def without_accents(word: str) -> str:
    """A folded word without accents; marks that are letters of their script stay."""
    if word.isascii() or UNSPACED_RUN.search(word) or _KEPT_MARKS.search(word):
        return word
    bare = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def pieces(run: str) -> list[str]:
    """The overlapping pairs of a run of letters that has no spaces; one letter stays itself."""
    if len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
