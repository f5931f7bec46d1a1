"""Tells text from the nonsense that a PDF without a usable character map gives."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SAMPLE = 600
_PLAIN = re.compile(r"[A-Za-z0-9.,;:'()%$ \t\n-]+")
_LEAST = 4
# White space, and lines, blocks, shapes and dingbats, which adorn good pages.
_ORNAMENT = re.compile(r"[\s\u2500-\u27bf]+")
# Real pages mix two or three scripts; a page of random characters mixes many.
_MOST_SCRIPTS = 6


def is_garbled(text: str) -> bool:
    """True where the characters cannot be what the page shows."""
    if _is_plain(text[:_SAMPLE]):
        return False
    marks = _ORNAMENT.sub("", text[: 4 * _SAMPLE])[:_SAMPLE]
    if len(marks) < _LEAST:
        return False
    if sum(map(_is_unassigned, marks)) > 0.2 * len(marks):
        return True
    letters = [character for character in marks if character.isalpha()]
    alphanumeric = len(letters) + sum(character.isdigit() for character in marks)
    vowel_signs = sum(unicodedata.category(character) in ("Mn", "Mc") for character in marks)
    if alphanumeric + vowel_signs < 0.35 * len(marks) and not _is_ruled(marks):
        return True
    scripts = Counter(map(_script, letters))
    if len(scripts) < _MOST_SCRIPTS:
        return False
    return scripts.most_common(1)[0][1] < 0.6 * len(letters)


def _is_plain(sample: str) -> bool:
    """The quick answer for most pages: mostly plain words and figures."""
    words = sum(map(len, re.findall(r"[A-Za-z0-9]{2,}", sample)))
    return words > 0.5 * len(sample) and len(_PLAIN.sub("", sample)) < 0.1 * len(sample)


def _is_unassigned(character: str) -> bool:
    return unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs") or character == "\ufffd"


def _is_ruled(marks: str) -> bool:
    """Lines of dots or dashes to write on are not words, and not nonsense."""
    return Counter(marks).most_common(1)[0][1] > 0.5 * len(marks)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNNAMED").split(maxsplit=1)[0]
