"""How much of a question stands in a text, rare words counting most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from desktop.chat.words import Word, WordKind, is_telling, words_of


class Rarity:
    """Weighs the telling words of a question by how few of the given texts hold them.

    `name_weight` below 1 makes names count less: they say which document is meant, and less
    which sentence of it.
    """

    def __init__(self, texts: Sequence[str], question: str, name_weight: float = 1.0) -> None:
        holding: Counter[str] = Counter()
        for text in texts:
            holding.update({word.key for word in words_of(text)})
        asked = {
            word.key: name_weight if word.kind is WordKind.NAME else 1.0
            for word in words_of(question)
            if is_telling(word)
        }
        self._weights = {
            key: weight * math.log(1 + (len(texts) + 0.5) / (holding[key] + 0.5))
            for key, weight in asked.items()
        }

    @property
    def asks_nothing(self) -> bool:
        """Whether the question has no telling word."""
        return not self._weights

    def share_in(self, words: Sequence[Word]) -> float:
        """The weighed share, 0 to 1, of the question's telling words among `words`."""
        total = sum(self._weights.values())
        here = {word.key for word in words}
        found = sum(weight for key, weight in self._weights.items() if key in here)
        return found / total if total else 0.0
