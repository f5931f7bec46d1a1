"""How long a draft keeps to the words that a small model was shown, and where it leaves them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.chat.words import Word, WordKind, is_telling, words_of

# A word or two of its own are a model's right; a number of its own is an invention.
_OWN = {WordKind.PLAIN: 1, WordKind.NAME: 2, WordKind.NUMBER: 3}
_LEFT_FROM = 3
_FEWEST_KEPT = 3
# While a draft grows only its end is looked at; the first words of that may be cut in two.
_END_CHARACTERS = 240
_CUT_WORDS = 3
# A clause that goes on behind one of these can be left away, and a whole sentence stays.
_NEXT_CLAUSE = re.compile(
    r"\s*(?:[,;:(–—-]|\b(?:which|who|whose|that|and|or|but|as|because|while|where|when|with|so)\b)",
    re.IGNORECASE,
)


class Grounding:
    """Compares a draft, word by word, with the texts it is to keep to."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._known = frozenset(word.key for text in texts for word in words_of(text))
        self._looked_at: tuple[str, list[Word], int] = ("", [], 0)

    def stands_to(self, text: str) -> int:
        """Where the last word ends that is known; what follows may yet turn out invented.

        The last word of `text` may be half written and does not count.
        """
        words, start = self._at_the_end(text)
        if (found := self._last_known(words)) is not None:
            return start + found.end
        found = self._last_known(_whole_words(text)) if start else None
        return found.end if found else 0

    def has_left(self, text: str) -> bool:
        """Whether `text`, of which the last word may be half written, goes on with its own."""
        return self._own_weight(self._at_the_end(text)[0]) >= _LEFT_FROM

    def kept(self, text: str) -> str:
        """`text` up to where it leaves the known words for good, as a whole sentence.

        Cut only between clauses; "" where it never kept to them, the whole text where no cut fits.
        """
        words = [word for word in words_of(text) if is_telling(word)]
        first = self._first_left(words)
        if first is None:
            return text
        kept = [word for word in words[:first] if self._holds(word)]
        if not kept:
            return ""
        end = kept[-1].end
        if len(kept) < _FEWEST_KEPT or not _NEXT_CLAUSE.match(text, end):
            return text
        return text[:end].rstrip() + "."

    def _first_left(self, words: Sequence[Word]) -> int | None:
        """The first of the telling words with which the text leaves the known ones."""
        weight = 0
        start = 0
        for at, word in enumerate(words):
            if self._holds(word):
                weight, start = 0, at + 1
                continue
            weight += _OWN[word.kind]
            if weight >= _LEFT_FROM:
                return start
        return None

    def _own_weight(self, words: Sequence[Word]) -> int:
        weight = 0
        for word in reversed(words):
            if self._holds(word):
                break
            weight += _OWN[word.kind]
        return weight

    def _at_the_end(self, text: str) -> tuple[list[Word], int]:
        """The last whole words, and where the stretch begins that their places count from."""
        if text != self._looked_at[0]:
            start = max(0, len(text) - _END_CHARACTERS)
            words = _whole_words(text[start:])
            self._looked_at = text, words[_CUT_WORDS:] if start else words, start
        return self._looked_at[1:]

    def _last_known(self, words: Sequence[Word]) -> Word | None:
        return next((word for word in reversed(words) if self._holds(word)), None)

    def _holds(self, word: Word) -> bool:
        return word.key in self._known


def _whole_words(text: str) -> list[Word]:
    """The telling words behind which white space stands: "2" may yet become "2,450"."""
    until = max((at for at, character in enumerate(text) if character.isspace()), default=0)
    return [word for word in words_of(text) if is_telling(word) and word.end <= until]
