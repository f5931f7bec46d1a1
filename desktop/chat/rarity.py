"""How much of a question stands in a text, rare words counting most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from desktop.chat.words import Word, is_telling, words_of


class Rarity:
    """Weighs the telling words of a question by how few of the given texts hold them."""

    def __init__(self, texts: Sequence[str], question: str) -> None:
        holding: Counter[str] = Counter()
        for text in texts:
            holding.update({word.key for word in words_of(text)})
        asked = {word.key for word in words_of(question) if is_telling(word)}
        self._weights = {
            key: math.log(1 + (len(texts) + 0.5) / (holding[key] + 0.5)) for key in asked
        }

    def share_in(self, words: Sequence[Word]) -> float:
        """The weighed share, 0 to 1, of the question's telling words among `words`."""
        total = sum(self._weights.values())
        here = {word.key for word in words}
        found = sum(weight for key, weight in self._weights.items() if key in here)
        return found / total if total else 0.0
